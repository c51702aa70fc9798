<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>weft::ui::ChatView</name>
    <message numerus="yes">
        <source>%n more turns</source>
        <translation>
            <numerusform>%n more turn</numerusform>
            <numerusform>%n more turns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::Draft</name>
    <message numerus="yes">
        <source>change %n settings</source>
        <translation>
            <numerusform>change %n setting</numerusform>
            <numerusform>change %n settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::Inspector</name>
    <message numerus="yes">
        <source>%n changed from the preset</source>
        <translation>
            <numerusform>%n changed from the preset</numerusform>
            <numerusform>%n changed from the preset</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n changed</numerusform>
            <numerusform>%n changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::MethodCard</name>
    <message numerus="yes">
        <source>filter %n methods</source>
        <translation>
            <numerusform>filter %n method</numerusform>
            <numerusform>filter %n methods</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::ModelCard</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::ProjectModel</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::RankCut</name>
    <message numerus="yes">
        <source>%n above the noise edge</source>
        <translation>
            <numerusform>%n above the noise edge</numerusform>
            <numerusform>%n above the noise edge</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::RunFileDialog</name>
    <message numerus="yes">
        <source>%n settings change. One step of undo takes them back.</source>
        <translation>
            <numerusform>%n setting changes. One step of undo takes it back.</numerusform>
            <numerusform>%n settings change. One step of undo takes them back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::StatusLine</name>
    <message numerus="yes">
        <source>%n problems</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::TryPage</name>
    <message numerus="yes">
        <source>%n models will answer side by side, with one seed.</source>
        <translation>
            <numerusform>%n model will answer.</numerusform>
            <numerusform>%n models will answer side by side, with one seed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ui::TurnView</name>
    <message numerus="yes">
        <source>%n tokens</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
</TS>
