<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>weft::ui::DataCard</name>
    <message numerus="yes">
        <source>%n rejected</source>
        <translation>
            <numerusform>%n rejected</numerusform>
            <numerusform>%n rejected</numerusform>
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
</TS>
