<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>ProjectLock</name>
    <message>
        <source>another WEFT window has it open</source>
        <translation>別の WEFT ウィンドウが開いています</translation>
    </message>
    <message>
        <source>another WEFT window has it open (process %1)</source>
        <translation>別の WEFT ウィンドウが開いています (プロセス %1)</translation>
    </message>
</context>
<context>
    <name>weft::ui::Background</name>
    <message>
        <source>In the background, the icon in the tray brings the window back, and the program ends with the run.</source>
        <translation>バックグラウンドではトレイのアイコンからウィンドウを再表示できます。実行が終わるとプログラムも終了します。</translation>
    </message>
    <message>
        <source>In the background nothing is shown, as this desktop has no tray: open the project again to look at it (read-only), or end the process, which stops and saves. The program ends with the run.</source>
        <translation>このデスクトップにはトレイがないため、バックグラウンドでは何も表示されません。様子を見るにはプロジェクトをもう一度開いてください（読み取り専用）。プロセスを終了すると停止して保存します。実行が終わるとプログラムも終了します。</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>ウィンドウを表示</translation>
    </message>
    <message>
        <source>Stop &amp;&amp; save</source>
        <translation>停止して保存</translation>
    </message>
    <message>
        <source>%1: step %2 of %3</source>
        <translation>%1: ステップ %2 / %3</translation>
    </message>
</context>
<context>
    <name>weft::ui::CommandSearch</name>
    <message>
        <source>Type what you want to do</source>
        <translation>したいことを入力</translation>
    </message>
</context>
<context>
    <name>weft::ui::ComparePage</name>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Runs to compare</source>
        <translation>比較する実行</translation>
    </message>
    <message>
        <source>Along</source>
        <translation>横軸</translation>
    </message>
    <message>
        <source>step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>time in steps, s</source>
        <translation>ステップの時間 (秒)</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>目盛</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>線形</translation>
    </message>
    <message>
        <source>log</source>
        <translation>対数</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>行列</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>CSV を書き出す…</translation>
    </message>
    <message>
        <source>Export page…</source>
        <translation>ページを書き出す…</translation>
    </message>
    <message>
        <source>Training loss of the runs</source>
        <translation>各実行の訓練損失</translation>
    </message>
    <message>
        <source>loss, nats a token</source>
        <translation>損失 (nat/トークン)</translation>
    </message>
    <message>
        <source>None of these runs recorded a step.</source>
        <translation>これらの実行にはステップの記録がありません。</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>訓練損失</translation>
    </message>
    <message>
        <source>CURSOR AT</source>
        <translation>カーソル位置</translation>
    </message>
    <message>
        <source>cursor of all charts</source>
        <translation>すべてのグラフのカーソル</translation>
    </message>
    <message>
        <source>held-out loss</source>
        <translation>検証損失</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>gradient norm</source>
        <translation>勾配ノルム</translation>
    </message>
    <message>
        <source>what is drawn over the steps</source>
        <translation>ステップに対して描く量</translation>
    </message>
    <message>
        <source>Held-out loss of the runs</source>
        <translation>各実行の検証損失</translation>
    </message>
    <message>
        <source>None of these runs held rows back.</source>
        <translation>これらの実行には検証用の行がありません。</translation>
    </message>
    <message>
        <source>Learning rate of the runs</source>
        <translation>各実行の学習率</translation>
    </message>
    <message>
        <source>Gradient norm of the runs</source>
        <translation>各実行の勾配ノルム</translation>
    </message>
    <message>
        <source>gradient 2-norm</source>
        <translation>勾配の 2 ノルム</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>曲線</translation>
    </message>
    <message>
        <source>Spectra of one matrix of the runs</source>
        <translation>各実行の 1 つの行列のスペクトル</translation>
    </message>
    <message>
        <source>singular value</source>
        <translation>特異値</translation>
    </message>
    <message>
        <source>index</source>
        <translation>番号</translation>
    </message>
    <message>
        <source>None of these runs recorded spectra of this matrix up to the cursor.</source>
        <translation>カーソルまでにこの行列のスペクトルを記録した実行はありません。</translation>
    </message>
    <message>
        <source>Spectrum at the cursor</source>
        <translation>カーソル位置のスペクトル</translation>
    </message>
    <message>
        <source>Final figures</source>
        <translation>最終値</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>異なる設定</translation>
    </message>
    <message>
        <source>%1 runs are chosen; at most %2 can be told apart. Uncheck some.</source>
        <translation>%1 個の実行が選ばれています。見分けられるのは %2 個までです。いくつか外してください。</translation>
    </message>
    <message>
        <source>Finish or open a second run to compare.</source>
        <translation>比較するには 2 つ目の実行を終えるか開いてください。</translation>
    </message>
    <message>
        <source>Choose two to six runs on the left.</source>
        <translation>左で実行を 2〜6 個選んでください。</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>%1, step %2,</source>
        <translation>%1、ステップ %2、</translation>
    </message>
    <message>
        <source>effective rank %1</source>
        <translation>実効ランク %1</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>to know</source>
        <translation>備考</translation>
    </message>
    <message>
        <source>none: the runs have the same settings</source>
        <translation>なし: 設定は同じです</translation>
    </message>
    <message>
        <source>Export the comparison</source>
        <translation>比較を書き出す</translation>
    </message>
    <message>
        <source>comparison written to %1</source>
        <translation>比較を %1 に書き出しました</translation>
    </message>
</context>
<context>
    <name>weft::ui::DataCard</name>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>開く…</translation>
    </message>
    <message>
        <source>Open a data set</source>
        <translation>データセットを開く</translation>
    </message>
    <message>
        <source>Data (*.jsonl *.json *.csv *.txt *.bin);;All files (*)</source>
        <translation>データ (*.jsonl *.json *.csv *.txt *.bin);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>previous row</source>
        <translation>前の行</translation>
    </message>
    <message>
        <source>next row</source>
        <translation>次の行</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>Drop JSONL, JSON, CSV or plain text here. You will see every token before training.</source>
        <translation>JSONL、JSON、CSV、テキストをここにドロップしてください。訓練前にすべてのトークンを確認できます。</translation>
    </message>
    <message>
        <source>template: %1</source>
        <translation>テンプレート: %1</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>訓練対象</translation>
    </message>
    <message>
        <source>rows cut</source>
        <translation>切り詰めた行</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>検証用</translation>
    </message>
    <message numerus="yes">
        <source>%n rejected</source>
        <translation>
            <numerusform>%n 行を除外</numerusform>
        </translation>
    </message>
    <message>
        <source>row %1 of %2</source>
        <translation>%1 / %2 行</translation>
    </message>
    <message>
        <source>line %1; the first %2 rows can be looked at here</source>
        <translation>%1 行目。ここでは先頭の %2 行を確認できます</translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>%1 行目: %2</translation>
    </message>
</context>
<context>
    <name>weft::ui::Draft</name>
    <message>
        <source>choose %1</source>
        <translation>%1 を選択</translation>
    </message>
    <message>
        <source>go back to the preset of %1</source>
        <translation>%1 のプリセットに戻す</translation>
    </message>
    <message>
        <source>choose a model</source>
        <translation>モデルを選択</translation>
    </message>
    <message>
        <source>choose data</source>
        <translation>データを選択</translation>
    </message>
    <message>
        <source>change %1</source>
        <translation>%1 を変更</translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation>モデル未選択</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>読み込み中</translation>
    </message>
    <message>
        <source>the model has no tokenizer</source>
        <translation>モデルにトークナイザーがありません</translation>
    </message>
    <message>
        <source>no data yet</source>
        <translation>データ未選択</translation>
    </message>
    <message>
        <source>waits for the model's tokenizer</source>
        <translation>モデルのトークナイザー待ち</translation>
    </message>
    <message>
        <source>no usable row</source>
        <translation>使える行がありません</translation>
    </message>
    <message>
        <source>no token would be trained</source>
        <translation>訓練されるトークンがありません</translation>
    </message>
    <message>
        <source>waits for the model</source>
        <translation>モデル待ち</translation>
    </message>
</context>
<context>
    <name>weft::ui::ExportPage</name>
    <message>
        <source>Export</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>written whole or not at all, loaded again and compared before it is called done</source>
        <translation>完全に書き出すか、まったく書き出さないかのどちらかです。読み込み直して比較してから完了とします</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>チェックポイント</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>ランク</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数値型</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>フォルダー</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>参照…</translation>
    </message>
    <message>
        <source>Copy the lines that load it</source>
        <translation>読み込み用コードをコピー</translation>
    </message>
    <message>
        <source>Folder to write</source>
        <translation>書き出し先フォルダー</translation>
    </message>
    <message>
        <source>step %1, %2</source>
        <translation>ステップ %1、%2</translation>
    </message>
    <message>
        <source>no run yet</source>
        <translation>まだ実行がありません</translation>
    </message>
    <message>
        <source>this run has no checkpoint yet; press Checkpoint or Stop &amp; save</source>
        <translation>この実行にはまだチェックポイントがありません。「チェックポイント」か「停止して保存」を押してください</translation>
    </message>
    <message>
        <source>the engine is loading</source>
        <translation>エンジンを読み込み中</translation>
    </message>
    <message>
        <source>name a folder</source>
        <translation>フォルダーを指定してください</translation>
    </message>
    <message>
        <source>the folder is not empty; choose another</source>
        <translation>フォルダーが空ではありません。別のフォルダーを選んでください</translation>
    </message>
    <message>
        <source>a rank is a whole number from 1 on</source>
        <translation>ランクは 1 以上の整数です</translation>
    </message>
    <message>
        <source>For Python PEFT and everything that reads its folders. auto writes fp32.</source>
        <translation>Python の PEFT と、そのフォルダーを読むもの向け。auto は fp32 で書き出します。</translation>
    </message>
    <message>
        <source>The whole model with the update added to its weights. auto writes bf16.</source>
        <translation>更新を重みに加えたモデル全体。auto は bf16 で書き出します。</translation>
    </message>
    <message>
        <source>The nearest plain LoRA of that rank; how much of the update it keeps is said when it is written.</source>
        <translation>そのランクで最も近い通常の LoRA。更新をどれだけ保つかは書き出し時に表示します。</translation>
    </message>
    <message>
        <source>One file to load beside the model's own GGUF. auto writes fp16.</source>
        <translation>モデルの GGUF と一緒に読み込む 1 つのファイル。auto は fp16 で書き出します。</translation>
    </message>
    <message>
        <source>writing and verifying</source>
        <translation>書き出しと検証中</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>Written to %1 · %2 · loaded again: largest difference of a logit %3 (logits up to %4)</source>
        <translation>%1 に書き出しました · %2 · 再読み込み: ロジットの最大差 %3 (ロジットは最大 %4)</translation>
    </message>
    <message>
        <source> · APPROX SVD @%1, energy %2, least %3 at %4</source>
        <translation> · APPROX SVD @%1、エネルギー %2、最小 %3 (%4)</translation>
    </message>
    <message>
        <source>exported to %1</source>
        <translation>%1 にエクスポートしました</translation>
    </message>
</context>
<context>
    <name>weft::ui::HeatMap</name>
    <message>
        <source>Heat map, layers by modules</source>
        <translation>ヒートマップ (層 × モジュール)</translation>
    </message>
    <message>
        <source>layer %1, %2: %3</source>
        <translation>層 %1、%2: %3</translation>
    </message>
</context>
<context>
    <name>weft::ui::HelpPanel</name>
    <message>
        <source>The methods and their mathematics</source>
        <translation>手法とその数式</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>構成要素</translation>
    </message>
    <message>
        <source>frozen, part of the model</source>
        <translation>凍結、モデルの一部</translation>
    </message>
    <message>
        <source>trained, %1</source>
        <translation>訓練対象、%1</translation>
    </message>
    <message>
        <source>frozen, %1</source>
        <translation>凍結、%1</translation>
    </message>
    <message>
        <source>Settings and their effect</source>
        <translation>設定とその効果</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>論文</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>ヘルプ</translation>
    </message>
</context>
<context>
    <name>weft::ui::InspectPage</name>
    <message>
        <source>Adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>Run or folder</source>
        <translation>実行またはフォルダー</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Angles to</source>
        <translation>角度の相手</translation>
    </message>
    <message>
        <source>Open a PEFT folder…</source>
        <translation>PEFT フォルダーを開く…</translation>
    </message>
    <message>
        <source>Find a matrix: 12 q_proj</source>
        <translation>行列を検索: 12 q_proj</translation>
    </message>
    <message>
        <source>Find a matrix</source>
        <translation>行列を検索</translation>
    </message>
    <message>
        <source>Matrices</source>
        <translation>行列</translation>
    </message>
    <message>
        <source>What it holds</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>entries by colour, blue below zero, red above; the largest of each cell</source>
        <translation>要素を色で表示: 青は負、赤は正。各セルで絶対値が最大のもの</translation>
    </message>
    <message>
        <source>Bonds</source>
        <translation>ボンド</translation>
    </message>
    <message>
        <source>singular values between the cores</source>
        <translation>コア間の特異値</translation>
    </message>
    <message>
        <source>What dropout leaves out</source>
        <translation>ドロップアウトが除くもの</translation>
    </message>
    <message>
        <source>red: dropped, for one row of tokens in this layer, as the kernels draw it in the next step</source>
        <translation>赤: この層のトークン 1 行について、次のステップでカーネルが引くとおりに除かれるもの</translation>
    </message>
    <message>
        <source>Magnitudes</source>
        <translation>大きさ</translation>
    </message>
    <message>
        <source>length of each row and column of the weight over what it was before training</source>
        <translation>重みの各行・各列の長さの、訓練前に対する比</translation>
    </message>
    <message>
        <source>row magnitudes</source>
        <translation>行の大きさ</translation>
    </message>
    <message>
        <source>column magnitudes</source>
        <translation>列の大きさ</translation>
    </message>
    <message>
        <source>Magnitude against direction</source>
        <translation>大きさと方向</translation>
    </message>
    <message>
        <source>each point a matrix: mean change of length over mean 1 − cosine; click one to see it</source>
        <translation>1 点が 1 つの行列: 平均 1 − cos に対する長さの平均変化。クリックで表示</translation>
    </message>
    <message>
        <source>magnitude against direction</source>
        <translation>大きさと方向</translation>
    </message>
    <message>
        <source>Angles</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>0°: both adapters use the same direction; 90°: nothing in common</source>
        <translation>0°: 2 つのアダプターは同じ方向を使う。90°: 共通部分なし</translation>
    </message>
    <message>
        <source>principal angles</source>
        <translation>主角</translation>
    </message>
    <message>
        <source>PEFT folder</source>
        <translation>PEFT フォルダー</translation>
    </message>
    <message>
        <source>now, while it trains</source>
        <translation>現在 (訓練中)</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>ステップ %1</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>step %1 of this run</source>
        <translation>この実行のステップ %1</translation>
    </message>
    <message>
        <source>No run in this project yet. Train one, or open a PEFT folder that came from elsewhere.</source>
        <translation>このプロジェクトにはまだ実行がありません。訓練するか、他で作られた PEFT フォルダーを開いてください。</translation>
    </message>
    <message>
        <source>This run has no checkpoint yet: press Checkpoint on the Live page, or wait for the next one.</source>
        <translation>この実行にはまだチェックポイントがありません。「ライブ」ページで「チェックポイント」を押すか、次を待ってください。</translation>
    </message>
    <message>
        <source>The engine is loading.</source>
        <translation>エンジンを読み込み中です。</translation>
    </message>
    <message>
        <source>%1 · %2 × %3 · %4%5</source>
        <translation>%1 · %2 × %3 · %4%5</translation>
    </message>
    <message>
        <source> · step %1</source>
        <translation> · ステップ %1</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>length / before</source>
        <translation>長さ / 訓練前</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>change of direction, 1 − cos</source>
        <translation>方向の変化 (1 − cos)</translation>
    </message>
    <message>
        <source>change of magnitude</source>
        <translation>大きさの変化</translation>
    </message>
    <message>
        <source>One of the two updates is zero here, so there is no angle between them.</source>
        <translation>ここでは一方の更新が 0 なので、角度はありません。</translation>
    </message>
    <message>
        <source>direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>度</translation>
    </message>
    <message>
        <source>outputs</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>keys of head 0</source>
        <translation>ヘッド 0 のキー</translation>
    </message>
    <message>
        <source>attention of head 0</source>
        <translation>ヘッド 0 の注意</translation>
    </message>
    <message>
        <source>feed-forward output</source>
        <translation>フィードフォワードの出力</translation>
    </message>
    <message>
        <source>embedded tokens</source>
        <translation>埋め込みトークン</translation>
    </message>
    <message>
        <source>last hidden state</source>
        <translation>最終隠れ状態</translation>
    </message>
    <message>
        <source>adapter input</source>
        <translation>アダプターの入力</translation>
    </message>
    <message>
        <source>%1 % left out</source>
        <translation>%1 % を除外</translation>
    </message>
</context>
<context>
    <name>weft::ui::Inspector</name>
    <message>
        <source>trained</source>
        <translation>訓練対象</translation>
    </message>
    <message>
        <source>of the model</source>
        <translation>モデルに対する割合</translation>
    </message>
    <message>
        <source>on disk</source>
        <translation>ディスク上</translation>
    </message>
    <message>
        <source>revert</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>EXPORT</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>as it ran</source>
        <translation>実行時のまま</translation>
    </message>
    <message>
        <source>drawn for a 576 × 576 matrix</source>
        <translation>576 × 576 の行列で描画</translation>
    </message>
    <message>
        <source>drawn for %1</source>
        <translation>%1 で描画</translation>
    </message>
    <message numerus="yes">
        <source>%n changed from the preset</source>
        <translation>
            <numerusform>プリセットから %n 件変更</numerusform>
        </translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>アーキテクチャ</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>パラメーター</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>File</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>層</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>幅</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>ヘッド</translation>
    </message>
    <message>
        <source>Feed-forward</source>
        <translation>フィードフォワード</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>コンテキスト長</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>トークナイザー</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>チャットテンプレート</translation>
    </message>
    <message>
        <source>its own</source>
        <translation>モデル付属</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>ライセンス</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>検証用</translation>
    </message>
    <message>
        <source>Rows cut</source>
        <translation>切り詰めた行</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>除外</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Trained tokens</source>
        <translation>訓練対象トークン</translation>
    </message>
    <message>
        <source>Cut tokens</source>
        <translation>切り捨てたトークン</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>テンプレート</translation>
    </message>
</context>
<context>
    <name>weft::ui::LivePage</name>
    <message>
        <source>Go on</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>この設定を使う</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>loss, nats a token</source>
        <translation>損失 (nat/トークン)</translation>
    </message>
    <message>
        <source>train</source>
        <translation>訓練</translation>
    </message>
    <message>
        <source>hold-out</source>
        <translation>検証</translation>
    </message>
    <message>
        <source>The loss appears from the first step.</source>
        <translation>損失は最初のステップから表示されます。</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>線形</translation>
    </message>
    <message>
        <source>log</source>
        <translation>対数</translation>
    </message>
    <message>
        <source>scale of the loss axis</source>
        <translation>損失軸の目盛</translation>
    </message>
    <message>
        <source>no smoothing</source>
        <translation>平滑化なし</translation>
    </message>
    <message>
        <source>smoothing 0.60</source>
        <translation>平滑化 0.60</translation>
    </message>
    <message>
        <source>smoothing 0.85</source>
        <translation>平滑化 0.85</translation>
    </message>
    <message>
        <source>smoothing 0.95</source>
        <translation>平滑化 0.95</translation>
    </message>
    <message>
        <source>smoothing of the training loss</source>
        <translation>訓練損失の平滑化</translation>
    </message>
    <message>
        <source>Gradient norm, learning rate</source>
        <translation>勾配ノルム、学習率</translation>
    </message>
    <message>
        <source>gradient 2-norm</source>
        <translation>勾配の 2 ノルム</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>勾配</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>Both appear from the first step.</source>
        <translation>どちらも最初のステップから表示されます。</translation>
    </message>
    <message>
        <source>ranks, all matrices</source>
        <translation>ランク (全行列)</translation>
    </message>
    <message>
        <source>ranks, the chosen matrix</source>
        <translation>ランク (選択した行列)</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>選択</translation>
    </message>
    <message>
        <source>divergence, nats a token</source>
        <translation>ダイバージェンス (nat/トークン)</translation>
    </message>
    <message>
        <source>passes apart</source>
        <translation>2 パスの差</translation>
    </message>
    <message>
        <source>what is drawn over the steps</source>
        <translation>ステップに対して描く量</translation>
    </message>
    <message>
        <source>Ranks in use</source>
        <translation>使用中のランク</translation>
    </message>
    <message>
        <source>Divergence of the two passes</source>
        <translation>2 パスのダイバージェンス</translation>
    </message>
    <message>
        <source>Spectrum of ΔW</source>
        <translation>ΔW のスペクトル</translation>
    </message>
    <message>
        <source>effective rank</source>
        <translation>実効ランク</translation>
    </message>
    <message>
        <source>The singular values of each adapted matrix appear with the first spectra.</source>
        <translation>各行列の特異値は最初のスペクトルとともに表示されます。</translation>
    </message>
    <message>
        <source>All matrices, layers × modules</source>
        <translation>全行列 (層 × モジュール)</translation>
    </message>
    <message>
        <source>stable rank</source>
        <translation>安定ランク</translation>
    </message>
    <message>
        <source>rank of 99 % energy</source>
        <translation>エネルギー 99 % のランク</translation>
    </message>
    <message>
        <source>Frobenius norm</source>
        <translation>フロベニウスノルム</translation>
    </message>
    <message>
        <source>magnitude change</source>
        <translation>大きさの変化</translation>
    </message>
    <message>
        <source>direction change</source>
        <translation>方向の変化</translation>
    </message>
    <message>
        <source>figure shown as colour</source>
        <translation>色で示す量</translation>
    </message>
    <message>
        <source>One cell a matrix, from the first spectra on. A click shows its spectrum.</source>
        <translation>1 セルが 1 行列です。最初のスペクトルから表示され、クリックでスペクトルを見られます。</translation>
    </message>
    <message>
        <source>SPECTRA AT STEP</source>
        <translation>スペクトルのステップ</translation>
    </message>
    <message>
        <source>step of the spectra</source>
        <translation>スペクトルのステップ</translation>
    </message>
    <message>
        <source>follow</source>
        <translation>追従</translation>
    </message>
    <message>
        <source>Stay at the latest spectra while the run goes on</source>
        <translation>実行中は最新のスペクトルに追従</translation>
    </message>
    <message>
        <source>No run yet</source>
        <translation>まだ実行がありません</translation>
    </message>
    <message>
        <source>Curves and spectra appear from the first step. Set up a run and press Train.</source>
        <translation>曲線とスペクトルは最初のステップから表示されます。実行を準備して「訓練」を押してください。</translation>
    </message>
    <message>
        <source>%1 trained parameters in %2 matrices</source>
        <translation>訓練パラメーター %1 個 (行列 %2 個)</translation>
    </message>
    <message>
        <source>rates</source>
        <translation>率</translation>
    </message>
    <message>
        <source>ranks</source>
        <translation>ランク</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>ranks in use</source>
        <translation>使用中のランク</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>weft::ui::LogModel</name>
    <message>
        <source>info</source>
        <translation>情報</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>エラー</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時刻</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
</context>
<context>
    <name>weft::ui::MainWindow</name>
    <message>
        <source>Set up</source>
        <translation>準備</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>ライブ</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>分析</translation>
    </message>
    <message>
        <source>Try</source>
        <translation>試す</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>Talking to the tuned model is not built yet; an exported adapter can be tried where PEFT runs.</source>
        <translation>調整済みモデルとの対話はまだありません。エクスポートしたアダプターは PEFT が動く環境で試せます。</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>プロジェクト</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>インスペクター</translation>
    </message>
    <message>
        <source>LOG AND PROBLEMS</source>
        <translation>ログと問題</translation>
    </message>
    <message>
        <source>take over the settings of a run</source>
        <translation>実行の設定を引き継ぐ</translation>
    </message>
    <message>
        <source>a run goes on; stop it before opening another project</source>
        <translation>実行中です。別のプロジェクトを開く前に停止してください</translation>
    </message>
    <message>
        <source>the project's settings were left out: %1</source>
        <translation>プロジェクトの設定は読み込まれませんでした: %1</translation>
    </message>
    <message>
        <source>take the sample</source>
        <translation>サンプルを使う</translation>
    </message>
    <message>
        <source>%1 does not exist</source>
        <translation>%1 は存在しません</translation>
    </message>
    <message>
        <source>%1 is no project (.weft), model (GGUF file, folder with config.json), adapter (folder with adapter_config.json, safetensors) or data set (JSONL, JSON, CSV, text)</source>
        <translation>%1 はプロジェクト (.weft)、モデル (GGUF ファイル、config.json のあるフォルダー)、アダプター (adapter_config.json のあるフォルダー、safetensors)、データセット (JSONL、JSON、CSV、テキスト) のいずれでもありません</translation>
    </message>
    <message>
        <source>the engine is loading</source>
        <translation>エンジンを読み込み中</translation>
    </message>
    <message>
        <source>open or make a project first</source>
        <translation>先にプロジェクトを開くか作成してください</translation>
    </message>
    <message>
        <source>the project is read-only</source>
        <translation>プロジェクトは読み取り専用です</translation>
    </message>
    <message>
        <source>Start the run (Ctrl+R)</source>
        <translation>実行を開始 (Ctrl+R)</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>再開(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>一時停止(&amp;P)</translation>
    </message>
    <message>
        <source>no project</source>
        <translation>プロジェクトなし</translation>
    </message>
    <message>
        <source>%1 (read-only)</source>
        <translation>%1 (読み取り専用)</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>訓練(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Stop &amp;&amp; save</source>
        <translation>停止して保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Checkpoint</source>
        <translation>チェックポイント(&amp;C)</translation>
    </message>
    <message>
        <source>Finish the step, write a checkpoint, end the run (Ctrl+.)</source>
        <translation>ステップを終え、チェックポイントを書いて実行を終了 (Ctrl+.)</translation>
    </message>
    <message>
        <source>Write a checkpoint after this step and go on</source>
        <translation>このステップの後にチェックポイントを書いて続行</translation>
    </message>
    <message>
        <source>Finish the step and wait; everything stays in memory</source>
        <translation>ステップを終えて待機します。すべてメモリーに残ります</translation>
    </message>
    <message>
        <source>&amp;Abandon without saving</source>
        <translation>保存せずに中止(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>エクスポート(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>開く(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;New project…</source>
        <translation>新規プロジェクト(&amp;N)…</translation>
    </message>
    <message>
        <source>Try the &amp;sample</source>
        <translation>サンプルを試す(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>レイアウトを初期化(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>終了(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Find a command…</source>
        <translation>コマンドを検索(&amp;F)…</translation>
    </message>
    <message>
        <source>Abandon the run</source>
        <translation>実行を中止</translation>
    </message>
    <message>
        <source>What was trained since the last checkpoint is lost. The curves stay in the project.</source>
        <translation>最後のチェックポイント以降の訓練結果は失われます。曲線はプロジェクトに残ります。</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>元に戻す(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>やり直す(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>キーボードショートカット(&amp;K)</translation>
    </message>
    <message>
        <source>Space on Live</source>
        <translation>ライブで Space</translation>
    </message>
    <message>
        <source>&amp;Set up</source>
        <translation>準備(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比較(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Inspect</source>
        <translation>分析(&amp;I)</translation>
    </message>
    <message>
        <source>Tr&amp;y</source>
        <translation>試す(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>エクスポート(&amp;E)</translation>
    </message>
    <message>
        <source>Search   Ctrl K</source>
        <translation>検索   Ctrl K</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>ファイル(&amp;F)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近使ったプロジェクト(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>実行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>編集(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>表示(&amp;V)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全画面(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;About WEFT</source>
        <translation>WEFT について(&amp;A)</translation>
    </message>
    <message>
        <source>About WEFT</source>
        <translation>WEFT について</translation>
    </message>
    <message>
        <source>WEFT fine-tunes language models with adapters, on this computer.

GPL-3.0-or-later. With Qt %1, QCustomPlot, SQLite, LibTorch; fonts Inter and JetBrains Mono (OFL 1.1), icons Lucide (ISC).</source>
        <translation>WEFT はこのコンピューター上で、アダプターにより言語モデルをファインチューニングします。

GPL-3.0-or-later。使用: Qt %1、QCustomPlot、SQLite、LibTorch、フォント Inter と JetBrains Mono (OFL 1.1)、アイコン Lucide (ISC)。</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>テーマ(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation>システム(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>ライト(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>ダーク(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>言語(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;System language</source>
        <translation>システムの言語(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;English</source>
        <translation>English(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Japanese</source>
        <translation>日本語(&amp;J)</translation>
    </message>
    <message>
        <source>The language changes when WEFT is started again.</source>
        <translation>言語は WEFT を次に起動したときに変わります。</translation>
    </message>
    <message>
        <source>%1 (not there now)</source>
        <translation>%1 (見つかりません)</translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation>一覧を消去(&amp;C)</translation>
    </message>
    <message>
        <source>Open a project, model or data set</source>
        <translation>プロジェクト、モデル、データセットを開く</translation>
    </message>
    <message>
        <source>All that WEFT reads (*.weft *.gguf config.json *.safetensors *.jsonl *.json *.csv *.txt);;Projects (*.weft);;All files (*)</source>
        <translation>WEFT が読めるすべて (*.weft *.gguf config.json *.safetensors *.jsonl *.json *.csv *.txt);;プロジェクト (*.weft);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>新規プロジェクト</translation>
    </message>
    <message>
        <source>Projects (*.weft)</source>
        <translation>プロジェクト (*.weft)</translation>
    </message>
    <message>
        <source>its file or folder may not be written</source>
        <translation>ファイルまたはフォルダーに書き込めません</translation>
    </message>
    <message>
        <source>%1 is open read-only: %2. Everything can be looked at; nothing is changed.</source>
        <translation>%1 は読み取り専用で開いています: %2。閲覧はできますが、何も変更されません。</translation>
    </message>
    <message>
        <source>Run %1 was interrupted at step %2; checkpoint at %3.</source>
        <translation>実行 %1 はステップ %2 で中断されました。チェックポイントはステップ %3 にあります。</translation>
    </message>
    <message>
        <source>Run %1 was interrupted at step %2, before its first checkpoint.</source>
        <translation>実行 %1 は最初のチェックポイントより前、ステップ %2 で中断されました。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>停止のまま</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>ログを開く</translation>
    </message>
    <message>
        <source>A run goes on</source>
        <translation>実行中です</translation>
    </message>
    <message>
        <source>%1 is at step %2 of %3.</source>
        <translation>%1 はステップ %2 / %3 です。</translation>
    </message>
    <message>
        <source>&amp;Keep running in background</source>
        <translation>バックグラウンドで続行(&amp;K)</translation>
    </message>
    <message>
        <source>%1 is no file on this computer; download it first.</source>
        <translation>%1 はこのコンピューター上のファイルではありません。先にダウンロードしてください。</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>ヘルプ</translation>
    </message>
    <message>
        <source>&amp;Help on this page</source>
        <translation>このページのヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Show the hints again</source>
        <translation>ヒントをもう一度表示(&amp;S)</translation>
    </message>
    <message>
        <source>Hint 1 of 4. Drop a model and a data file anywhere on this window, or take the sample.</source>
        <translation>ヒント 1/4。モデルとデータファイルはウィンドウのどこにでもドロップできます。サンプルも使えます。</translation>
    </message>
    <message>
        <source>Hint 2 of 4. Choose a method by its picture; the inspector on the right draws it with this model's shapes.</source>
        <translation>ヒント 2/4。手法は図で選べます。右のインスペクターがこのモデルの形状で描きます。</translation>
    </message>
    <message>
        <source>Hint 3 of 4. Ctrl+R trains; Live shows loss and spectra from the first step, and Ctrl+. stops and saves.</source>
        <translation>ヒント 3/4。Ctrl+R で訓練します。「ライブ」は最初のステップから損失とスペクトルを示し、Ctrl+. で停止して保存します。</translation>
    </message>
    <message>
        <source>Hint 4 of 4. Ctrl+K finds every command, and F1 explains the page you are on.</source>
        <translation>ヒント 4/4。Ctrl+K ですべてのコマンドを検索でき、F1 で開いているページの説明を見られます。</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>次へ</translation>
    </message>
    <message>
        <source>No more hints</source>
        <translation>ヒントを終了</translation>
    </message>
</context>
<context>
    <name>weft::ui::MatrixView</name>
    <message>
        <source>Picture of a matrix</source>
        <translation>行列の図</translation>
    </message>
    <message>
        <source>norm %1, max %2</source>
        <translation>ノルム %1、最大 %2</translation>
    </message>
    <message>
        <source>%1, %2 by %3, %4</source>
        <translation>%1、%2 × %3、%4</translation>
    </message>
    <message>
        <source>all zero</source>
        <translation>すべて 0</translation>
    </message>
    <message>
        <source>near row %1, column %2: %3</source>
        <translation>行 %1、列 %2 付近: %3</translation>
    </message>
</context>
<context>
    <name>weft::ui::MemoryBar</name>
    <message>
        <source>Memory of this program, of the machine's %1</source>
        <translation>このプログラムのメモリー (マシン全体 %1)</translation>
    </message>
    <message>
        <source>memory %1</source>
        <translation>メモリー %1</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>メモリー</translation>
    </message>
</context>
<context>
    <name>weft::ui::MethodCard</name>
    <message>
        <source>Method</source>
        <translation>手法</translation>
    </message>
    <message numerus="yes">
        <source>filter %n methods</source>
        <translation>
            <numerusform>%n 個の手法を絞り込む</numerusform>
        </translation>
    </message>
    <message>
        <source>No method has this in its name, family or summary.</source>
        <translation>名前、系統、概要にこの語を含む手法はありません。</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>準備完了</translation>
    </message>
</context>
<context>
    <name>weft::ui::MethodPicture</name>
    <message>
        <source>%1 %2 by %3, %4</source>
        <translation>%1 %2 × %3、%4</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>訓練対象</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>凍結</translation>
    </message>
</context>
<context>
    <name>weft::ui::ModelCard</name>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>開く…</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>サンプルを試す</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>モデルを開く</translation>
    </message>
    <message>
        <source>Models (*.gguf config.json *.safetensors);;All files (*)</source>
        <translation>モデル (*.gguf config.json *.safetensors);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>変更…</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>モデルがありません</translation>
    </message>
    <message>
        <source>Drop a GGUF file or a Hugging Face folder here.</source>
        <translation>GGUF ファイルか Hugging Face フォルダーをここにドロップしてください。</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n 層</numerusform>
        </translation>
    </message>
    <message>
        <source>width %1</source>
        <translation>幅 %1</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>パラメーター %1</translation>
    </message>
</context>
<context>
    <name>weft::ui::NoticeBar</name>
    <message>
        <source>Dismiss</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>weft::ui::PhaseBar</name>
    <message>
        <source>%1 %2 – %3 of %4 a step</source>
        <translation>%1 %2 – 1 ステップ %4 のうち %3</translation>
    </message>
    <message>
        <source>; its floor is %1</source>
        <translation>、下限は %1</translation>
    </message>
    <message>
        <source>Where a step's time goes: %1</source>
        <translation>ステップの時間の内訳: %1</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>Left and right go from one kind of work to the next.</source>
        <translation>左右キーで処理の種類を移動します。</translation>
    </message>
</context>
<context>
    <name>weft::ui::PointPlot</name>
    <message>
        <source>r = %1</source>
        <translation>r = %1</translation>
    </message>
</context>
<context>
    <name>weft::ui::ProblemsPanel</name>
    <message>
        <source>Problems only</source>
        <translation>問題のみ</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>レポートをコピー</translation>
    </message>
    <message>
        <source>Log and problems</source>
        <translation>ログと問題</translation>
    </message>
</context>
<context>
    <name>weft::ui::ProjectModel</name>
    <message>
        <source>PEFT</source>
        <translation>PEFT</translation>
    </message>
    <message>
        <source>PROJECT</source>
        <translation>プロジェクト</translation>
    </message>
    <message>
        <source>RUNS</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>EXPORTS</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>PEFT adapter folder</source>
        <translation>PEFT アダプターフォルダー</translation>
    </message>
    <message>
        <source>merged model, Hugging Face folder</source>
        <translation>マージ済みモデル (Hugging Face フォルダー)</translation>
    </message>
    <message>
        <source>GGUF adapter for llama.cpp</source>
        <translation>llama.cpp 用 GGUF アダプター</translation>
    </message>
    <message>
        <source>PEFT adapter of a chosen rank</source>
        <translation>ランクを指定した PEFT アダプター</translation>
    </message>
</context>
<context>
    <name>weft::ui::ProjectPanel</name>
    <message>
        <source>Project</source>
        <translation>プロジェクト</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Go on from the last checkpoint</source>
        <translation>最後のチェックポイントから再開</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>エクスポート…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>名前を変更…</translation>
    </message>
    <message>
        <source>Rename run</source>
        <translation>実行の名前を変更</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>ファイルマネージャーで表示</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>パスをコピー</translation>
    </message>
</context>
<context>
    <name>weft::ui::RunBar</name>
    <message>
        <source>No model</source>
        <translation>モデルなし</translation>
    </message>
    <message>
        <source> trained</source>
        <translation> 訓練</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>データなし</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>開始中</translation>
    </message>
</context>
<context>
    <name>weft::ui::RunCard</name>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 ステップ</translation>
    </message>
    <message>
        <source>%1 epochs</source>
        <translation>%1 エポック</translation>
    </message>
    <message>
        <source>%1 rows a step</source>
        <translation>%1 行/ステップ</translation>
    </message>
    <message>
        <source>up to %1 tokens a step</source>
        <translation>最大 %1 トークン/ステップ</translation>
    </message>
    <message>
        <source>learning rate %1, %2</source>
        <translation>学習率 %1、%2</translation>
    </message>
    <message>
        <source>hold-out every %1 steps</source>
        <translation>検証 %1 ステップごと</translation>
    </message>
    <message>
        <source>spectra every %1</source>
        <translation>スペクトル %1 ごと</translation>
    </message>
    <message>
        <source>dropout %1</source>
        <translation>ドロップアウト %1</translation>
    </message>
</context>
<context>
    <name>weft::ui::RunDesk</name>
    <message>
        <source>project %1 opened%2</source>
        <translation>プロジェクト %1 を開きました%2</translation>
    </message>
    <message>
        <source>, read-only</source>
        <translation> (読み取り専用)</translation>
    </message>
    <message>
        <source>%1 goes on</source>
        <translation>%1 を再開</translation>
    </message>
    <message>
        <source>%1 starts</source>
        <translation>%1 を開始</translation>
    </message>
    <message>
        <source>checkpoint written: %1</source>
        <translation>チェックポイントを書きました: %1</translation>
    </message>
    <message>
        <source>%1 %2%3</source>
        <translation>%1 %2%3</translation>
    </message>
</context>
<context>
    <name>weft::ui::SeriesPlot</name>
    <message>
        <source>step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>チェックポイント</translation>
    </message>
    <message>
        <source> (raw %1)</source>
        <translation> (生の値 %1)</translation>
    </message>
</context>
<context>
    <name>weft::ui::SettingField</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 〜 %2</translation>
    </message>
</context>
<context>
    <name>weft::ui::SettingForm</name>
    <message>
        <source>All settings</source>
        <translation>すべての設定</translation>
    </message>
    <message>
        <source>Fewer settings</source>
        <translation>設定を減らす</translation>
    </message>
</context>
<context>
    <name>weft::ui::ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>キーボードショートカット</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>動作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>キー</translation>
    </message>
</context>
<context>
    <name>weft::ui::SpectrumPlot</name>
    <message>
        <source>Spectrum of the update</source>
        <translation>更新のスペクトル</translation>
    </message>
    <message>
        <source>index</source>
        <translation>番号</translation>
    </message>
    <message>
        <source>singular value</source>
        <translation>特異値</translation>
    </message>
    <message>
        <source>90 %</source>
        <translation>90 %</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>99 %</source>
        <translation>99 %</translation>
    </message>
    <message>
        <source>step 0: all zero</source>
        <translation>ステップ 0: すべて 0</translation>
    </message>
    <message>
        <source>step 0</source>
        <translation>ステップ 0</translation>
    </message>
</context>
<context>
    <name>weft::ui::StatusLine</name>
    <message>
        <source>What the singular values cost: the last measurement, its cadence, its share of the step time</source>
        <translation>特異値の計算コスト: 直近の測定、間隔、ステップ時間に占める割合</translation>
    </message>
    <message>
        <source>%1  step %2 / %3</source>
        <translation>%1  ステップ %2 / %3</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 トークン/秒</translation>
    </message>
    <message>
        <source>ETA %1</source>
        <translation>残り %1</translation>
    </message>
    <message>
        <source>took %1</source>
        <translation>所要 %1</translation>
    </message>
    <message>
        <source>peak %1</source>
        <translation>ピーク %1</translation>
    </message>
    <message>
        <source>spectra %1 ms / %2 steps (%3 %)</source>
        <translation>スペクトル %1 ms / %2 ステップ (%3 %)</translation>
    </message>
    <message>
        <source>model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>method</source>
        <translation>手法</translation>
    </message>
    <message>
        <source>run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Ready: model, data, method, run</source>
        <translation>準備完了: モデル、データ、手法、実行</translation>
    </message>
    <message>
        <source>Not ready: %1</source>
        <translation>未完了: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n problems</source>
        <translation>
            <numerusform>問題 %n 件</numerusform>
        </translation>
    </message>
    <message>
        <source>1 problem</source>
        <translation>問題 1 件</translation>
    </message>
    <message>
        <source>no project</source>
        <translation>プロジェクトなし</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>読み取り専用</translation>
    </message>
    <message>
        <source>saved, checkpoint at step %1</source>
        <translation>保存済み、チェックポイントはステップ %1</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>保存済み</translation>
    </message>
</context>
<context>
    <name>weft::ui::StepTimeStrip</name>
    <message>
        <source>Measure this machine's floor</source>
        <translation>このマシンの下限を測定</translation>
    </message>
    <message>
        <source>Measure the floor again</source>
        <translation>下限を測り直す</translation>
    </message>
    <message>
        <source>%1 of the floor</source>
        <translation>下限の %1</translation>
    </message>
    <message>
        <source>next limit: %1</source>
        <translation>次の律速: %1</translation>
    </message>
    <message>
        <source>%1 a step</source>
        <translation>1 ステップ %1</translation>
    </message>
    <message>
        <source>Where the time of this run went was not recorded.</source>
        <translation>この実行の時間の内訳は記録されていません。</translation>
    </message>
    <message>
        <source>Where a step's time goes appears here.</source>
        <translation>ステップの時間の内訳がここに表示されます。</translation>
    </message>
    <message>
        <source>mean of the last %1 steps</source>
        <translation>直近 %1 ステップの平均</translation>
    </message>
    <message>
        <source>%1 a step; %2 above its floor: %3</source>
        <translation>1 ステップ %1、下限より %2 上: %3</translation>
    </message>
    <message>
        <source>measuring: the products and attention of a step, alone…</source>
        <translation>測定中: 1 ステップの行列積と注意のみ…</translation>
    </message>
    <message>
        <source>When no run goes on: measuring takes the whole machine for a while.</source>
        <translation>実行中でないときに測定できます。測定はしばらくマシン全体を使います。</translation>
    </message>
    <message>
        <source>Times the matrix products, attention and output layer of one step alone, with this model's shapes.
Takes about %1 s and the memory of the weights; kept for all runs of these shapes on this machine.</source>
        <translation>このモデルの形状で、1 ステップの行列積、注意、出力層だけの時間を測ります。
約 %1 秒と重み分のメモリーを使います。結果はこのマシンで同じ形状のすべての実行に使われます。</translation>
    </message>
</context>
<context>
    <name>weft::ui::TokenView</name>
    <message>
        <source>trained</source>
        <translation>訓練対象</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>マスク</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>切り捨て</translation>
    </message>
    <message>
        <source>Tokens of the row</source>
        <translation>行のトークン</translation>
    </message>
    <message>
        <source>id %1 · %2%3
bytes %4 to %5 · %6</source>
        <translation>id %1 · %2%3
バイト %4 〜 %5 · %6</translation>
    </message>
    <message>
        <source> · special</source>
        <translation> · 特殊</translation>
    </message>
</context>
</TS>
