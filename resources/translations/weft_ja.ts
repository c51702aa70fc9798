<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>DataAdvice</name>
    <message>
        <source>Keep %1 tokens a row</source>
        <translation>1行を %1 トークンにする</translation>
    </message>
    <message>
        <source>%1 and more</source>
        <translation>%1 以上</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>Train on all tokens</source>
        <translation>すべてのトークンを学習する</translation>
    </message>
    <message>
        <source>Use the template chatml</source>
        <translation>テンプレート chatml を使う</translation>
    </message>
    <message>
        <source>Use no template</source>
        <translation>テンプレートを使わない</translation>
    </message>
    <message>
        <source>No token would be trained.</source>
        <translation>学習されるトークンがありません。</translation>
    </message>
    <message>
        <source>%1 of the rows are longer than %2 tokens and lose their ends.</source>
        <translation>行の %1 は %2 トークンより長く、末尾が切られます。</translation>
    </message>
    <message>
        <source>%1 of %2 held-out rows are also trained: the hold-out loss will look better than it is.</source>
        <translation>ホールドアウトの %2 行のうち %1 行が学習にも使われます。ホールドアウト損失は実際より良く見えます。</translation>
    </message>
    <message>
        <source>%1 rows repeat an earlier one; each counts again in every epoch.</source>
        <translation>%1 行は前の行の繰り返しです。どのエポックでもそれぞれ数えられます。</translation>
    </message>
    <message>
        <source>%1 rows cannot be used; the findings say why.</source>
        <translation>%1 行は使えません。理由は「所見」にあります。</translation>
    </message>
    <message>
        <source>No evaluation set: hold back 5 % of the rows?</source>
        <translation>評価用の行がありません。行の 5 % を取り分けますか？</translation>
    </message>
    <message>
        <source>Hold back 5 %</source>
        <translation>5 % を取り分ける</translation>
    </message>
    <message>
        <source>Only the first %1 of %2 were looked at: all figures are theirs.</source>
        <translation>%2 のうち最初の %1 だけを調べました。数値はすべてその範囲のものです。</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>the standard</source>
        <translation>標準的な手法</translation>
    </message>
    <message>
        <source>low rank</source>
        <translation>低ランク</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·A</source>
        <translation>W&apos; = W + s·B·A</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>ランク</translation>
    </message>
    <message>
        <source>Width of the bottleneck: more can learn more, and takes more memory and disk.</source>
        <translation>ボトルネックの幅。大きいほど多くを学習できますが、メモリーとディスクも多く使います。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>アルファ</translation>
    </message>
    <message>
        <source>Strength of the update; the scale s grows with it.</source>
        <translation>更新の強さ。係数 s はこれとともに大きくなります。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>対象</translation>
    </message>
    <message>
        <source>Which matrices are adapted: all-linear, module names (q_proj, v_proj), or a regular expression over whole paths.</source>
        <translation>適応させる行列: all-linear (すべての線形層)、モジュール名 (q_proj, v_proj)、またはパス全体に対する正規表現。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>初期化</translation>
    </message>
    <message>
        <source>kaiming and gaussian draw A and leave B at zero; orthogonal draws both so that B A is zero; eva takes for A the directions in which the inputs of some batches vary most. pissa begins with W&apos;s largest singular vectors (sketched, or exact), olora with its QR factors, both taken off W: the model is unchanged at step 0. loftq gives back what nf4 took from W, as far as the rank goes; lq (LQ-LoRA) takes B A off W before what is left goes to nf4, in turns until no less is lost. From pissa on they are exported at twice the rank.</source>
        <translation>kaiming と gaussian は A を乱数で決め、B を 0 にします。orthogonal は B A が 0 になるように両方を乱数で決めます。eva はいくつかのバッチの入力が最も大きく変動する方向を A にします。pissa は W の最大の特異ベクトル (近似、または厳密)、olora は QR 分解の因子から始め、どちらも W から差し引くため、ステップ 0 のモデルは変わりません。loftq は nf4 が W から失わせた分をランクの範囲で補います。lq (LQ-LoRA) は残りを nf4 にする前に W から B A を差し引き、失われる量が減らなくなるまで交互に繰り返します。pissa 以降は 2 倍のランクで書き出されます。</translation>
    </message>
    <message>
        <source>kaiming</source>
        <translation>kaiming</translation>
    </message>
    <message>
        <source>gaussian</source>
        <translation>gaussian</translation>
    </message>
    <message>
        <source>orthogonal</source>
        <translation>orthogonal</translation>
    </message>
    <message>
        <source>eva</source>
        <translation>eva</translation>
    </message>
    <message>
        <source>pissa</source>
        <translation>pissa</translation>
    </message>
    <message>
        <source>pissa-exact</source>
        <translation>pissa-exact</translation>
    </message>
    <message>
        <source>olora</source>
        <translation>olora</translation>
    </message>
    <message>
        <source>loftq</source>
        <translation>loftq</translation>
    </message>
    <message>
        <source>lq</source>
        <translation>lq</translation>
    </message>
    <message>
        <source>Spread of ranks (eva)</source>
        <translation>ランクの広がり (eva)</translation>
    </message>
    <message>
        <source>With the start eva a matrix may get up to this many times the rank and others less, by how much of their inputs the directions explain; the sum stays, and a matrix may get none. 1 gives all the same.</source>
        <translation>初期化が eva のとき、入力を方向でどれだけ説明できるかに応じて、行列ごとにこの倍率までのランクが割り当てられます。合計は変わらず、ランクをもたない行列もありえます。1 ではすべて同じです。</translation>
    </message>
    <message>
        <source>Batches looked at (eva)</source>
        <translation>調べるバッチ数 (eva)</translation>
    </message>
    <message>
        <source>The start eva ends when the directions no longer change, or after this many batches.</source>
        <translation>eva の初期化は、方向が変わらなくなるか、このバッチ数に達すると終わります。</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>バッチ</translation>
    </message>
    <message>
        <source>Rank-stabilised scale</source>
        <translation>ランク安定化スケール</translation>
    </message>
    <message>
        <source>Scale alpha / sqrt(rank) instead of alpha / rank: keeps high ranks learning.</source>
        <translation>係数を alpha / rank ではなく alpha / sqrt(rank) にします。高いランクでも学習が進みます。</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>軽量</translation>
    </message>
    <message>
        <source>A quarter of the size: less memory, and enough where the answers are short or alike.</source>
        <translation>サイズは 4 分の 1。メモリーが少なくて済み、答えが短いか似通っている場合は十分です。</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>標準</translation>
    </message>
    <message>
        <source>The method&apos;s defaults.</source>
        <translation>この手法の既定値です。</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>入念</translation>
    </message>
    <message>
        <source>Four times the size: for much data that teaches something new.</source>
        <translation>サイズは 4 倍。新しいことを教える大量のデータ向けです。</translation>
    </message>
    <message>
        <source>frozen weight</source>
        <translation>凍結された重み</translation>
    </message>
    <message>
        <source>up projection</source>
        <translation>アップ射影</translation>
    </message>
    <message>
        <source>down projection</source>
        <translation>ダウン射影</translation>
    </message>
    <message>
        <source>PEFT folder</source>
        <translation>PEFT フォルダー</translation>
    </message>
    <message>
        <source>EXACT merged weights</source>
        <translation>厳密: 統合済みの重み</translation>
    </message>
    <message>
        <source>whole model, Hugging Face folder</source>
        <translation>モデル全体、Hugging Face フォルダー</translation>
    </message>
    <message>
        <source>GGUF adapter for llama.cpp</source>
        <translation>llama.cpp 用 GGUF アダプター</translation>
    </message>
    <message>
        <source>whole model as one file for llama.cpp, of a base that is a GGUF file</source>
        <translation>llama.cpp 用の 1 ファイルのモデル全体 (ベースが GGUF ファイルの場合)</translation>
    </message>
    <message>
        <source>APPROX SVD @k, energy e</source>
        <translation>近似: SVD @k、エネルギー e</translation>
    </message>
    <message>
        <source>PEFT folder; you choose k and the export says e, or the other way round</source>
        <translation>PEFT フォルダー。k を選ぶと e が書き出し時に表示され、逆も選べます</translation>
    </message>
    <message>
        <source>scale for high ranks</source>
        <translation>高いランク向けのスケール</translation>
    </message>
    <message>
        <source>W&apos; = W + (α/√r)·B·A</source>
        <translation>W&apos; = W + (α/√r)·B·A</translation>
    </message>
    <message>
        <source>faster B</source>
        <translation>B を速く学習</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·A, rate of B = λ · rate of A</source>
        <translation>W&apos; = W + s·B·A、B の学習率 = λ · A の学習率</translation>
    </message>
    <message>
        <source>Rate of B over A</source>
        <translation>A に対する B の学習率</translation>
    </message>
    <message>
        <source>B learns this many times faster than A; 16 is common, lower it when the loss jumps.</source>
        <translation>B の学習率をこの倍率にします。16 が一般的です。損失が跳ねるときは下げてください。</translation>
    </message>
    <message>
        <source>A stays frozen</source>
        <translation>A は凍結のまま</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·A, A frozen</source>
        <translation>W&apos; = W + s·B·A、A は凍結</translation>
    </message>
    <message>
        <source>Correct B&apos;s gradient</source>
        <translation>B の勾配を補正</translation>
    </message>
    <message>
        <source>Multiplies B&apos;s gradient by (A A&apos;)^-1 / s^2, as PEFT&apos;s LoRA-FA does: the step nearest to that of the whole matrix. Off takes it as it is.</source>
        <translation>PEFT の LoRA-FA と同じく B の勾配に (A A&apos;)^-1 / s^2 を掛け、行列全体を学習する場合に最も近いステップにします。オフではそのまま使います。</translation>
    </message>
    <message>
        <source>down projection, as drawn</source>
        <translation>ダウン射影 (乱数のまま)</translation>
    </message>
    <message>
        <source>ranks by dimension</source>
        <translation>次元でランクを決定</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·A, in block i of rank max(d_{i+1} − d_i, 0) + 1, d: intrinsic dimension</source>
        <translation>W&apos; = W + s·B·A、ブロック i のランクは max(d_{i+1} − d_i, 0) + 1、d: 固有次元</translation>
    </message>
    <message>
        <source>Rank of the scale</source>
        <translation>スケール用のランク</translation>
    </message>
    <message>
        <source>What alpha is divided by, and what is shown before the run: each block then gets a rank of its own, by how much it raises the intrinsic dimension of the hidden states, and the scale stays.</source>
        <translation>alpha を割る値で、実行前に表示される値です。その後、隠れ状態の固有次元をどれだけ高めるかに応じて各ブロックにランクが割り当てられ、スケールは変わりません。</translation>
    </message>
    <message>
        <source>Rows looked at</source>
        <translation>調べる行数</translation>
    </message>
    <message>
        <source>Before the first step this many rows go through the model, and the log tells the dimensions with their spread: more rows, less spread. A row is one point, the mean of its tokens.</source>
        <translation>最初のステップの前にこの数の行をモデルに通し、次元とその広がりをログに記します。行が多いほど広がりは小さくなります。1 行が 1 点 (トークンの平均) です。</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>ranks where they count</source>
        <translation>重要な所にランクを配分</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·diag(E)·A, entries of E set to zero while training</source>
        <translation>W&apos; = W + s·B·diag(E)·A、E の要素は訓練中に 0 になる</translation>
    </message>
    <message>
        <source>Rank at the start</source>
        <translation>開始時のランク</translation>
    </message>
    <message>
        <source>Every matrix begins with this many; the least important of all are taken away until target rank x matrices are left.</source>
        <translation>すべての行列がこのランクから始まり、全体で最も重要でないものから取り除かれ、目標ランク × 行列数まで減ります。</translation>
    </message>
    <message>
        <source>Target rank</source>
        <translation>目標ランク</translation>
    </message>
    <message>
        <source>Ranks a matrix in the mean at the end; which matrix gets how many is found while training.</source>
        <translation>終了時の行列あたりの平均ランク。どの行列がいくつもつかは訓練中に決まります。</translation>
    </message>
    <message>
        <source>Budget falls after</source>
        <translation>予算の減少開始</translation>
    </message>
    <message>
        <source>Below 1 a share of the steps, else a number of steps, with all ranks. The authors&apos; tinit.</source>
        <translation>1 未満は全ステップに対する割合、1 以上はステップ数。この間はすべてのランクを使います。著者の tinit です。</translation>
    </message>
    <message>
        <source>Steps at the target</source>
        <translation>目標でのステップ</translation>
    </message>
    <message>
        <source>Below 1 a share of the steps, else a number of steps, at the end with what is left. The authors&apos; tfinal.</source>
        <translation>1 未満は全ステップに対する割合、1 以上はステップ数。最後のこの間は残ったランクで訓練します。著者の tfinal です。</translation>
    </message>
    <message>
        <source>Choose every</source>
        <translation>選び直す間隔</translation>
    </message>
    <message>
        <source>How often it is chosen anew which ranks stay.</source>
        <translation>残すランクを選び直す間隔。</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Memory of the sensitivity</source>
        <translation>感度の平滑化</translation>
    </message>
    <message>
        <source>Smoothing of the importance of each number; higher is calmer.</source>
        <translation>各数値の重要度の平滑化。大きいほど穏やかに変化します。</translation>
    </message>
    <message>
        <source>Memory of its spread</source>
        <translation>変動の平滑化</translation>
    </message>
    <message>
        <source>Smoothing of how much that importance varies.</source>
        <translation>その重要度の変動の平滑化。</translation>
    </message>
    <message>
        <source>Orthogonality</source>
        <translation>直交性</translation>
    </message>
    <message>
        <source>Weight of the penalty that keeps A&apos;s rows and B&apos;s columns orthogonal, so that E&apos;s entries are like singular values; 0 turns it off.</source>
        <translation>A の行と B の列を直交に保ち、E の要素を特異値に近づける罰則の重み。0 で無効になります。</translation>
    </message>
    <message>
        <source>left directions</source>
        <translation>左の方向</translation>
    </message>
    <message>
        <source>strength of each rank</source>
        <translation>各ランクの強さ</translation>
    </message>
    <message>
        <source>right directions</source>
        <translation>右の方向</translation>
    </message>
    <message>
        <source>ranks grow where needed</source>
        <translation>必要な所でランクが成長</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·diag(E)·A, ranks added while training</source>
        <translation>W&apos; = W + s·B·diag(E)·A、ランクは訓練中に増える</translation>
    </message>
    <message>
        <source>Every matrix begins with this many, and those that count most get as many more each time.</source>
        <translation>すべての行列がこのランクから始まり、最も重要な行列に毎回同じ数だけ追加されます。</translation>
    </message>
    <message>
        <source>Rank at the end</source>
        <translation>終了時のランク</translation>
    </message>
    <message>
        <source>Ranks a matrix in the mean when all are given out. The scale is alpha over this number and stays while ranks grow; the authors divide by the ranks of the moment.</source>
        <translation>すべて割り当てた後の行列あたりの平均ランク。スケールは alpha をこの値で割ったもので、ランクが増えても変わりません。著者はその時点のランクで割ります。</translation>
    </message>
    <message>
        <source>Most of one matrix</source>
        <translation>1 行列の上限</translation>
    </message>
    <message>
        <source>No matrix gets more; room for this many is set aside.</source>
        <translation>これより多いランクをもつ行列はありません。この分の領域が確保されます。</translation>
    </message>
    <message>
        <source>Growth begins after</source>
        <translation>成長の開始</translation>
    </message>
    <message>
        <source>Below 1 a share of the steps, else a number of steps. The authors wait 1000.</source>
        <translation>1 未満は全ステップに対する割合、1 以上はステップ数。著者は 1000 ステップ待ちます。</translation>
    </message>
    <message>
        <source>Steps at full size</source>
        <translation>完成後のステップ</translation>
    </message>
    <message>
        <source>Below 1 a share of the steps, else a number of steps, at the end without growth.</source>
        <translation>1 未満は全ステップに対する割合、1 以上はステップ数。最後のこの間は成長しません。</translation>
    </message>
    <message>
        <source>Grow every</source>
        <translation>成長の間隔</translation>
    </message>
    <message>
        <source>How often the matrices that count most grow; as many of them as it takes to reach the rank at the end. The authors let 2 grow every 1000 steps.</source>
        <translation>最も重要な行列を成長させる間隔。終了時のランクに達するのに必要な数の行列が成長します。著者は 1000 ステップごとに 2 つ成長させます。</translation>
    </message>
    <message>
        <source>Memory of the score</source>
        <translation>スコアの平滑化</translation>
    </message>
    <message>
        <source>Smoothing of how much a matrix counts and of how much that varies.</source>
        <translation>行列の重要度とその変動の平滑化。</translation>
    </message>
    <message>
        <source>New ranks warm up over</source>
        <translation>新しいランクのウォームアップ</translation>
    </message>
    <message>
        <source>The learning rate of new ranks rises from zero: below 1 a share of the run&apos;s steps, else a number of steps.</source>
        <translation>新しいランクの学習率は 0 から上がります。1 未満は全ステップに対する割合、1 以上はステップ数。</translation>
    </message>
    <message>
        <source>Weight of the penalty that keeps A&apos;s rows and B&apos;s columns orthogonal; 0 turns it off.</source>
        <translation>A の行と B の列を直交に保つ罰則の重み。0 で無効になります。</translation>
    </message>
    <message>
        <source>left directions, as they come</source>
        <translation>左の方向 (順に追加)</translation>
    </message>
    <message>
        <source>right directions, as they come</source>
        <translation>右の方向 (順に追加)</translation>
    </message>
    <message>
        <source>directions found while training</source>
        <translation>訓練中に方向を発見</translation>
    </message>
    <message>
        <source>W&apos; = W + s·V·Sᵀ·U, V and U orthonormal</source>
        <translation>W&apos; = W + s·V·Sᵀ·U、V と U は正規直交</translation>
    </message>
    <message>
        <source>Every matrix begins with this many directions on each side; they are found anew while training. The scale stays alpha over this number.</source>
        <translation>すべての行列は両側にこの数の方向をもって始まり、方向は訓練中に見つけ直されます。スケールは alpha をこの値で割ったままです。</translation>
    </message>
    <message>
        <source>Turn every</source>
        <translation>方向転換の間隔</translation>
    </message>
    <message>
        <source>How often the directions of the gradient are added to those in use; between, only the core S is trained. Those that do not count are dropped at three quarters of the way to the next time.</source>
        <translation>使用中の方向に勾配の方向を加える間隔。その間はコア S だけを訓練します。重要でない方向は次の回までの 4 分の 3 の時点で捨てられます。</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>許容誤差</translation>
    </message>
    <message>
        <source>As few directions stay as hold all but this share of the core&apos;s size; lower keeps more.</source>
        <translation>コアの大きさのこの割合を除いたすべてを保つ、最少の方向を残します。小さいほど多く残ります。</translation>
    </message>
    <message>
        <source>Rate rises again over</source>
        <translation>学習率の立ち上がり直し</translation>
    </message>
    <message>
        <source>A changed core begins without moments, and its learning rate rises from zero: below 1 a share of the steps between two turns, else a number of steps. 0: at once, as the authors have it.</source>
        <translation>変わったコアはモーメントなしで始まり、学習率は 0 から上がります。1 未満は方向転換の間隔に対する割合、1 以上はステップ数。0 は著者と同じく直ちに始めます。</translation>
    </message>
    <message>
        <source>core</source>
        <translation>コア</translation>
    </message>
    <message>
        <source>ranks as beams</source>
        <translation>ランクをビームとして扱う</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·diag(r·softmax(g/T))·A</source>
        <translation>W&apos; = W + s·B·diag(r·softmax(g/T))·A</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>How strongly gates tell ranks apart; lower is stronger. The authors take 0.05 for learning rates from 1e-4 on, 0.03 below.</source>
        <translation>ゲートがランクをどれだけ強く区別するか。低いほど強くなります。著者は学習率 1e-4 以上で 0.05、それ未満で 0.03 を使います。</translation>
    </message>
    <message>
        <source>Beams move every</source>
        <translation>ビーム移動の間隔</translation>
    </message>
    <message>
        <source>How often the ranks that count least give their place to copies of those that count most.</source>
        <translation>最も重要でないランクが、最も重要なランクのコピーに場所を譲る間隔。</translation>
    </message>
    <message>
        <source>Share that stays</source>
        <translation>残る割合</translation>
    </message>
    <message>
        <source>At first the ranks beyond this share of the whole importance give way; the share rises to 1 over the run.</source>
        <translation>最初は重要度全体のこの割合から外れたランクが場所を譲ります。割合は実行を通じて 1 まで上がります。</translation>
    </message>
    <message>
        <source>gate of each rank</source>
        <translation>各ランクのゲート</translation>
    </message>
    <message>
        <source>a chain of updates</source>
        <translation>更新の連鎖</translation>
    </message>
    <message>
        <source>W&apos; = W + s·(B₁·A₁ + B₂·A₂ + …), one after another</source>
        <translation>W&apos; = W + s·(B₁·A₁ + B₂·A₂ + …)、順に訓練</translation>
    </message>
    <message>
        <source>Of one link of the chain; the adapter ends with rank x links.</source>
        <translation>連鎖の 1 段のランク。アダプターの最終的なランクは ランク × 段数 です。</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>段数</translation>
    </message>
    <message>
        <source>How many updates are trained one after another, for as many equal parts of the run; what one has learned stays when the next begins.</source>
        <translation>実行を等分し、順に訓練する更新の数。学習したものは次の更新が始まっても残ります。</translation>
    </message>
    <message>
        <source>At the beginning of each link the learning rate rises from zero: below 1 a share of the link&apos;s steps, else a number of steps.</source>
        <translation>各段の始めに学習率は 0 から上がります。1 未満はその段のステップに対する割合、1 以上はステップ数。</translation>
    </message>
    <message>
        <source>Drawn and frozen</source>
        <translation>乱数のまま凍結する側</translation>
    </message>
    <message>
        <source>Which side of every link is drawn once and stays: A (the paper&apos;s right sketch, B is trained) or B (its left sketch, A is trained). The paper leaves the distribution open; this is LoRA&apos;s.</source>
        <translation>各段で一度だけ乱数で決めて固定する側: A (論文の right sketch、B を訓練) または B (left sketch、A を訓練)。論文は分布を定めていないため、LoRA のものを使います。</translation>
    </message>
    <message>
        <source>down</source>
        <translation>down</translation>
    </message>
    <message>
        <source>up</source>
        <translation>up</translation>
    </message>
    <message>
        <source>up projections, link by link</source>
        <translation>アップ射影 (段ごと)</translation>
    </message>
    <message>
        <source>down projections, link by link</source>
        <translation>ダウン射影 (段ごと)</translation>
    </message>
    <message>
        <source>boosted, a rank at a time</source>
        <translation>1 ランクずつブースティング</translation>
    </message>
    <message>
        <source>W&apos; = W + s·(B₁·A₁ + B₂·A₂ + …), each in some layers</source>
        <translation>W&apos; = W + s·(B₁·A₁ + B₂·A₂ + …)、それぞれ一部の層に</translation>
    </message>
    <message>
        <source>Layers a link</source>
        <translation>1 段あたりの層</translation>
    </message>
    <message>
        <source>Share of the layers, drawn anew, whose matrices each link is added to; the authors&apos; number for other models than theirs is not published.</source>
        <translation>各段が加わる層の割合。毎回選び直されます。著者のもの以外のモデルに対する値は公表されていません。</translation>
    </message>
    <message>
        <source>Penalty on norms</source>
        <translation>ノルムの罰則</translation>
    </message>
    <message>
        <source>Adds this much of |A|² + |B|² of the link that is trained to the loss; the authors&apos; number is not published, 0 leaves it out.</source>
        <translation>訓練中の段の |A|² + |B|² にこの値を掛けて損失に加えます。著者の値は公表されていません。0 で無効になります。</translation>
    </message>
    <message>
        <source>magnitude + direction</source>
        <translation>大きさ + 方向</translation>
    </message>
    <message>
        <source>weight-decomposed</source>
        <translation>重み分解</translation>
    </message>
    <message>
        <source>W&apos; = m · (W + s·B·A) / ‖W + s·B·A‖, by rows</source>
        <translation>W&apos; = m · (W + s·B·A) / ‖W + s·B·A‖ (行ごと)</translation>
    </message>
    <message>
        <source>Magnitude alone</source>
        <translation>大きさだけを訓練</translation>
    </message>
    <message>
        <source>Targets of which the magnitude alone is trained, without B A. DoRA&apos;s authors do so for o_proj, gate_proj, up_proj and down_proj, with B A on q_proj, k_proj and v_proj: half the parameters.</source>
        <translation>B A を使わず、大きさだけを訓練する対象。DoRA の著者は o_proj、gate_proj、up_proj、down_proj をこうし、q_proj、k_proj、v_proj には B A を使います。パラメーターは半分になります。</translation>
    </message>
    <message>
        <source>magnitude of each row</source>
        <translation>各行の大きさ</translation>
    </message>
    <message>
        <source>a GGUF adapter is a product of two factors, which this update is not</source>
        <translation>GGUF アダプターは 2 つの因子の積ですが、この更新はそうではありません</translation>
    </message>
    <message>
        <source>both magnitudes</source>
        <translation>両方の大きさ</translation>
    </message>
    <message>
        <source>W&apos; = m_c · H / ‖H‖ by columns, H = m_r · (W + s·B·A) / ‖W + s·B·A‖ by rows</source>
        <translation>W&apos; = m_c · H / ‖H‖ (列ごと)、H = m_r · (W + s·B·A) / ‖W + s·B·A‖ (行ごと)</translation>
    </message>
    <message>
        <source>Order of the norms</source>
        <translation>ノルムの順序</translation>
    </message>
    <message>
        <source>Which side is brought to norm 1 first. The maps differ away from the start; which one the paper means by its rows was not to be found: rows are output features here.</source>
        <translation>どちら側を先にノルム 1 にするか。開始点から離れると結果が変わります。論文のいう行がどちらかは確認できなかったため、ここでは行を出力特徴とします。</translation>
    </message>
    <message>
        <source>rows-columns</source>
        <translation>行→列</translation>
    </message>
    <message>
        <source>columns-rows</source>
        <translation>列→行</translation>
    </message>
    <message>
        <source>Norms out of the graph</source>
        <translation>ノルムを計算グラフから外す</translation>
    </message>
    <message>
        <source>Treat the norms as constants in the backward pass, as DoRA does. Off: exact gradients, with several dense copies of every adapted matrix in memory.</source>
        <translation>DoRA と同じく、逆伝播でノルムを定数として扱います。オフでは勾配は厳密になりますが、適応させる各行列の密なコピーがいくつかメモリーに置かれます。</translation>
    </message>
    <message>
        <source>magnitude of each column</source>
        <translation>各列の大きさ</translation>
    </message>
    <message>
        <source>MERGED ONLY</source>
        <translation>統合のみ</translation>
    </message>
    <message>
        <source>a trained core</source>
        <translation>訓練されるコア</translation>
    </message>
    <message>
        <source>W&apos; = m · (W + s·B·R·A) / ‖W + s·B·R·A‖, by rows; B and A from W&apos;s SVD</source>
        <translation>W&apos; = m · (W + s·B·R·A) / ‖W + s·B·R·A‖ (行ごと)、B と A は W の SVD から</translation>
    </message>
    <message>
        <source>Spread of the core</source>
        <translation>コアのばらつき</translation>
    </message>
    <message>
        <source>Standard deviation of R at the start. The authors take 1e-5 or 5e-6: next to no change of the model.</source>
        <translation>開始時の R の標準偏差。著者は 1e-5 または 5e-6 を使い、モデルはほとんど変わりません。</translation>
    </message>
    <message>
        <source>left singular vectors of W</source>
        <translation>W の左特異ベクトル</translation>
    </message>
    <message>
        <source>right ones, times the singular values</source>
        <translation>右特異ベクトル × 特異値</translation>
    </message>
    <message>
        <source>small LoRAs, in blocks</source>
        <translation>ブロック状の小さな LoRA</translation>
    </message>
    <message>
        <source>W&apos; = W + s·blockdiag(B₁·A₁, …, Bₙ·Aₙ)</source>
        <translation>W&apos; = W + s·blockdiag(B₁·A₁, …, Bₙ·Aₙ)</translation>
    </message>
    <message>
        <source>Rank of each small LoRA; together they have blocks x rank, with the parameters of a LoRA of this rank.</source>
        <translation>小さな LoRA それぞれのランク。全体では ブロック数 × ランク となり、パラメーター数はこのランクの LoRA と同じです。</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>ブロック数</translation>
    </message>
    <message>
        <source>How many small LoRAs share a matrix, each on an equal slice of its input and output. Must divide both sides of every target.</source>
        <translation>1 つの行列を分担する小さな LoRA の数。それぞれが入力と出力を等分した区画を受けもちます。すべての対象の両辺を割り切る必要があります。</translation>
    </message>
    <message>
        <source>up projections, one block under the other</source>
        <translation>アップ射影 (縦に並ぶブロック)</translation>
    </message>
    <message>
        <source>down projections, side by side</source>
        <translation>ダウン射影 (横に並ぶ)</translation>
    </message>
    <message>
        <source>picked columns or rows</source>
        <translation>選んだ列または行</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·A, one of them unit vectors</source>
        <translation>W&apos; = W + s·B·A、一方は単位ベクトル</translation>
    </message>
    <message>
        <source>Updated side</source>
        <translation>更新する側</translation>
    </message>
    <message>
        <source>columns (SBoRA-FA): A picks rank columns of W at random, B is trained. rows (SBoRA-FB): B picks rows, A is trained; the paper finds it weaker.</source>
        <translation>「列」(SBoRA-FA): A が W の列をランクの数だけ無作為に選び、B を訓練します。「行」(SBoRA-FB): B が行を選び、A を訓練します。論文によればこちらは弱めです。</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>picks columns of W</source>
        <translation>W の列を選択</translation>
    </message>
    <message>
        <source>picks rows of W</source>
        <translation>W の行を選択</translation>
    </message>
    <message>
        <source>a core between noise</source>
        <translation>ノイズに挟まれたコア</translation>
    </message>
    <message>
        <source>W&apos; = W + λ·C·B·A, C and A random</source>
        <translation>W&apos; = W + λ·C·B·A、C と A は乱数</translation>
    </message>
    <message>
        <source>Side of the trained core: rank x rank parameters a matrix, and one.</source>
        <translation>訓練するコアの一辺。パラメーターは行列あたり ランク × ランク に 1 を加えた数です。</translation>
    </message>
    <message>
        <source>random, frozen</source>
        <translation>乱数、凍結</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>スケール</translation>
    </message>
    <message>
        <source>product of two updates</source>
        <translation>2 つの更新の積</translation>
    </message>
    <message>
        <source>products</source>
        <translation>積</translation>
    </message>
    <message>
        <source>W&apos; = W + s·(W1a·W1b) ∘ (W2a·W2b)</source>
        <translation>W&apos; = W + s·(W1a·W1b) ∘ (W2a·W2b)</translation>
    </message>
    <message>
        <source>Rank of each of the two products; the update has its square, and costs as much.</source>
        <translation>2 つの積それぞれのランク。更新のランクはその 2 乗になり、計算量も同様です。</translation>
    </message>
    <message>
        <source>first product, left</source>
        <translation>第 1 の積、左</translation>
    </message>
    <message>
        <source>first product, right</source>
        <translation>第 1 の積、右</translation>
    </message>
    <message>
        <source>second product, left</source>
        <translation>第 2 の積、左</translation>
    </message>
    <message>
        <source>second product, right</source>
        <translation>第 2 の積、右</translation>
    </message>
    <message>
        <source>Kronecker product</source>
        <translation>クロネッカー積</translation>
    </message>
    <message>
        <source>W&apos; = W + s·W1 ⊗ W2, W2 = W2a·W2b</source>
        <translation>W&apos; = W + s·W1 ⊗ W2、W2 = W2a·W2b</translation>
    </message>
    <message>
        <source>Rank of the second factor, which is whole where half its longer side is no more than that.</source>
        <translation>第 2 因子のランク。長い辺の半分がこれ以下なら、第 2 因子は分解されません。</translation>
    </message>
    <message>
        <source>Size of the first factor</source>
        <translation>第 1 因子のサイズ</translation>
    </message>
    <message>
        <source>-1: both sides are split near their square roots. Otherwise the first factor&apos;s sides are this, or at most this.</source>
        <translation>-1: 両辺を平方根の近くで分けます。それ以外: 第 1 因子の辺をこの値、または最大でこの値にします。</translation>
    </message>
    <message>
        <source>Both factors of low rank</source>
        <translation>両因子を低ランクに</translation>
    </message>
    <message>
        <source>Write the first factor as a product of this rank too, where that is smaller.</source>
        <translation>小さくなる場合は、第 1 因子もこのランクの積で表します。</translation>
    </message>
    <message>
        <source>first factor</source>
        <translation>第 1 因子</translation>
    </message>
    <message>
        <source>second factor, left</source>
        <translation>第 2 因子、左</translation>
    </message>
    <message>
        <source>second factor, right</source>
        <translation>第 2 因子、右</translation>
    </message>
    <message>
        <source>first factor, left</source>
        <translation>第 1 因子、左</translation>
    </message>
    <message>
        <source>first factor, right</source>
        <translation>第 1 因子、右</translation>
    </message>
    <message>
        <source>vectors between shared noise</source>
        <translation>共有ノイズの間のベクトル</translation>
    </message>
    <message>
        <source>shared</source>
        <translation>共有</translation>
    </message>
    <message>
        <source>W&apos; = W + diag(b)·B·diag(d)·A, B and A random, for all matrices the same</source>
        <translation>W&apos; = W + diag(b)·B·diag(d)·A、B と A は乱数で全行列共通</translation>
    </message>
    <message>
        <source>Rows of A and columns of B, which are random and frozen: a high rank costs time and file size, but hardly any parameters.</source>
        <translation>A の行数と B の列数。どちらも乱数で凍結されます。高いランクは時間とファイルサイズを要しますが、パラメーターはほとんど増えません。</translation>
    </message>
    <message>
        <source>Start of d</source>
        <translation>d の初期値</translation>
    </message>
    <message>
        <source>What every number of d is at the start; b is zero.</source>
        <translation>開始時の d のすべての値。b は 0 です。</translation>
    </message>
    <message>
        <source>Seed of the projections</source>
        <translation>射影のシード</translation>
    </message>
    <message>
        <source>Draws A and B, as PEFT does from the same key. They are saved with the adapter all the same.</source>
        <translation>PEFT が同じキーで行うように A と B を乱数で決めます。それでもアダプターとともに保存されます。</translation>
    </message>
    <message>
        <source>scale of each row</source>
        <translation>各行のスケール</translation>
    </message>
    <message>
        <source>random, one for the model</source>
        <translation>乱数、モデル全体で 1 つ</translation>
    </message>
    <message>
        <source>scale of each rank</source>
        <translation>各ランクのスケール</translation>
    </message>
    <message>
        <source>layers share their factors</source>
        <translation>層が因子を共有</translation>
    </message>
    <message>
        <source>W&apos; = W + s·diag(v)·B·diag(u)·A, B and A for all layers the same</source>
        <translation>W&apos; = W + s·diag(v)·B·diag(u)·A、B と A は全層共通</translation>
    </message>
    <message>
        <source>What is trained</source>
        <translation>訓練するもの</translation>
    </message>
    <message>
        <source>all: A, B, u and v. tensors: A and B alone, so that all layers have the same update. vectors: u and v alone, between random A and B.</source>
        <translation>「すべて」: A、B、u、v。「テンソル」: A と B だけ。すべての層で更新が同じになります。「ベクトル」: 乱数の A と B の間の u と v だけ。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>tensors</source>
        <translation>テンソル</translation>
    </message>
    <message>
        <source>vectors</source>
        <translation>ベクトル</translation>
    </message>
    <message>
        <source>up projection, of all layers</source>
        <translation>アップ射影 (全層共通)</translation>
    </message>
    <message>
        <source>down projection, of all layers</source>
        <translation>ダウン射影 (全層共通)</translation>
    </message>
    <message>
        <source>one tensor for all</source>
        <translation>全体で 1 つのテンソル</translation>
    </message>
    <message>
        <source>W&apos;ₕ = Wₕ + s·A·diag(h ∘ m ∘ l)·B for each head</source>
        <translation>W&apos;ₕ = Wₕ + s·A·diag(h ∘ m ∘ l)·B (ヘッドごと)</translation>
    </message>
    <message>
        <source>Rank of the one tensor that holds the updates of all heads, matrices and layers.</source>
        <translation>すべてのヘッド、行列、層の更新を保持する 1 つのテンソルのランク。</translation>
    </message>
    <message>
        <source>Which of the attention&apos;s matrices are adapted: q_proj, k_proj, v_proj, o_proj.</source>
        <translation>適応させるアテンションの行列: q_proj、k_proj、v_proj、o_proj。</translation>
    </message>
    <message>
        <source>of the width, one for the model</source>
        <translation>幅方向 (モデル全体で 1 つ)</translation>
    </message>
    <message>
        <source>a row for each head</source>
        <translation>ヘッドごとに 1 行</translation>
    </message>
    <message>
        <source>of q, k, v or o</source>
        <translation>q、k、v、o のいずれか</translation>
    </message>
    <message>
        <source>of the layer</source>
        <translation>層方向</translation>
    </message>
    <message>
        <source>of a head&apos;s features, one for the model</source>
        <translation>ヘッドの特徴方向 (モデル全体で 1 つ)</translation>
    </message>
    <message>
        <source>shards from shared pools</source>
        <translation>共有プールの断片</translation>
    </message>
    <message>
        <source>W&apos; = W + s·B·A, put together from shards of pools</source>
        <translation>W&apos; = W + s·B·A、プールの断片から構成</translation>
    </message>
    <message>
        <source>Rank of each matrix&apos;s update, which may be more than the budget.</source>
        <translation>各行列の更新のランク。予算より大きくできます。</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>予算</translation>
    </message>
    <message>
        <source>Parameters, as the rank of a LoRA that has as many. The paper names no standard value for this and the next two.</source>
        <translation>パラメーター数を、同数のパラメーターをもつ LoRA のランクで表したもの。論文はこの値と次の 2 つの標準値を示していません。</translation>
    </message>
    <message>
        <source>Shards of a vector</source>
        <translation>ベクトルあたりの断片</translation>
    </message>
    <message>
        <source>Pieces that a row of A and a column of B are put together of. Must divide both sides of every target.</source>
        <translation>A の行と B の列を構成する断片の数。すべての対象の両辺を割り切る必要があります。</translation>
    </message>
    <message>
        <source>Private ranks</source>
        <translation>専用ランク</translation>
    </message>
    <message>
        <source>Ranks of each matrix that no other matrix uses.</source>
        <translation>他の行列が使わない、各行列だけのランク。</translation>
    </message>
    <message>
        <source>its share of the pool of B&apos;s shards</source>
        <translation>B の断片プールの持ち分</translation>
    </message>
    <message>
        <source>its share of the pool of A&apos;s shards</source>
        <translation>A の断片プールの持ち分</translation>
    </message>
    <message>
        <source>which shards</source>
        <translation>使う断片</translation>
    </message>
    <message>
        <source>turns the input</source>
        <translation>入力を回転</translation>
    </message>
    <message>
        <source>W&apos; = W·R&apos;, R blocks of rotations</source>
        <translation>W&apos; = W·R&apos;、R は回転のブロック</translation>
    </message>
    <message>
        <source>Size of a block</source>
        <translation>ブロックのサイズ</translation>
    </message>
    <message>
        <source>Inputs of a matrix that are turned together: more can learn more, and take more parameters. Where it does not divide the inputs of a matrix, the nearest that does is taken, as PEFT does.</source>
        <translation>行列の入力のうち、まとめて回転させる数。大きいほど多くを学習できますが、パラメーターも増えます。行列の入力を割り切らない場合は、PEFT と同じく最も近い割り切れる値を使います。</translation>
    </message>
    <message>
        <source>How many blocks a matrix has, whatever their size; 0: by their size.</source>
        <translation>サイズによらず、行列あたりのブロック数。0 はサイズで決めます。</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>回転</translation>
    </message>
    <message>
        <source>cayley is exactly orthogonal, with a small inverse a block; cayley-neumann takes the first terms of a series instead, as PEFT does unless told otherwise, and turns the other way.</source>
        <translation>cayley は厳密に直交で、ブロックごとに小さな逆行列を計算します。cayley-neumann は級数の最初の項を使い (PEFT の既定)、逆向きに回転します。</translation>
    </message>
    <message>
        <source>cayley-neumann</source>
        <translation>cayley-neumann</translation>
    </message>
    <message>
        <source>cayley</source>
        <translation>cayley</translation>
    </message>
    <message>
        <source>Terms of the series</source>
        <translation>級数の項数</translation>
    </message>
    <message>
        <source>Of cayley-neumann: more are closer to a rotation.</source>
        <translation>cayley-neumann の項数。多いほど回転に近づきます。</translation>
    </message>
    <message>
        <source>One block for all</source>
        <translation>全ブロック共通</translation>
    </message>
    <message>
        <source>Turn all blocks of a matrix alike.</source>
        <translation>行列のすべてのブロックを同じように回転させます。</translation>
    </message>
    <message>
        <source>Constrained</source>
        <translation>制約付き</translation>
    </message>
    <message>
        <source>Keep the rotation close to none (COFT): after every step it is brought back into a ball.</source>
        <translation>回転を小さく保ちます (COFT)。各ステップの後、球の内側に戻します。</translation>
    </message>
    <message>
        <source>Radius of the ball</source>
        <translation>球の半径</translation>
    </message>
    <message>
        <source>How far a constrained rotation may go; shared out among the blocks.</source>
        <translation>制約付きの回転がどこまで進めるか。ブロックの間で分け合います。</translation>
    </message>
    <message>
        <source>a row for each block that turns the input</source>
        <translation>入力を回転させるブロックごとに 1 行</translation>
    </message>
    <message>
        <source>turns input, scales output</source>
        <translation>入力を回転、出力を拡縮</translation>
    </message>
    <message>
        <source>W&apos; = diag(s)·W·R&apos;, R blocks of rotations, in one factor</source>
        <translation>W&apos; = diag(s)·W·R&apos;、R は回転のブロック、因子 1 つ</translation>
    </message>
    <message>
        <source>Inputs of a matrix that are turned together: more can learn more, and take more parameters.</source>
        <translation>行列の入力のうち、まとめて回転させる数。大きいほど多くを学習できますが、パラメーターも増えます。</translation>
    </message>
    <message>
        <source>blocks that turn the input, one under the other</source>
        <translation>入力を回転させるブロック (縦に並ぶ)</translation>
    </message>
    <message>
        <source>one scale a feature</source>
        <translation>特徴ごとに 1 つのスケール</translation>
    </message>
    <message>
        <source>scales</source>
        <translation>スケール</translation>
    </message>
    <message>
        <source>W&apos; = diag(l)·W, at the end of a feed-forward module W·diag(l)</source>
        <translation>W&apos; = diag(l)·W、フィードフォワード層の最後では W·diag(l)</translation>
    </message>
    <message>
        <source>Scaled at the input</source>
        <translation>入力側で拡縮</translation>
    </message>
    <message>
        <source>Targets whose input is scaled instead of their output: those that end a feed-forward module.</source>
        <translation>出力の代わりに入力を拡縮する対象: フィードフォワード層の最後の行列。</translation>
    </message>
    <message>
        <source>a chain of cores</source>
        <translation>コアの連鎖</translation>
    </message>
    <message>
        <source>W&apos; = W − T1⁰·…·Tn⁰ + T1·…·Tn, the cores those of W at first</source>
        <translation>W&apos; = W − T1⁰·…·Tn⁰ + T1·…·Tn、コアは初め W のもの</translation>
    </message>
    <message>
        <source>Bond rank</source>
        <translation>ボンドのランク</translation>
    </message>
    <message>
        <source>The most that a bond between two cores may be; near the ends the sides of the cores allow less.</source>
        <translation>2 つのコアの間のボンドの上限。両端に近いところでは、コアの辺の長さがさらに制限します。</translation>
    </message>
    <message>
        <source>mpo begins with the cores of W itself, which are taken off W (sketched, or exact); mpo-random draws them and leaves one at zero: the baseline that the paper compares with. The model is unchanged at step 0. Over [model] storage = nf4 this is QDoTA.</source>
        <translation>mpo は W 自身のコアから始め、それを W から差し引きます (近似、または厳密)。mpo-random は乱数で決め、1 つを 0 にします。論文が比較に使う基準です。ステップ 0 のモデルは変わりません。[model] storage = nf4 の上では QDoTA になります。</translation>
    </message>
    <message>
        <source>mpo</source>
        <translation>mpo</translation>
    </message>
    <message>
        <source>mpo-exact</source>
        <translation>mpo-exact</translation>
    </message>
    <message>
        <source>mpo-random</source>
        <translation>mpo-random</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>コア数</translation>
    </message>
    <message>
        <source>How many tensors the update is a chain of; more have fewer parameters. The paper&apos;s number is not published.</source>
        <translation>更新を構成するテンソルの連鎖の長さ。多いほどパラメーターは減ります。論文の値は公表されていません。</translation>
    </message>
    <message>
        <source>Shapes of the cores</source>
        <translation>コアの形</translation>
    </message>
    <message>
        <source>auto splits each side of a matrix into factors as alike as its primes allow. Otherwise products such as 4x6x6x4, each for the sides that are its product (576), with one number a core; other sides stay auto.</source>
        <translation>「自動」は行列の各辺を、素因数の許す範囲でできるだけ等しい因子に分けます。または 4x6x6x4 のような積を、それに等しい辺 (576) ごとに、コアの数だけの因子で指定します。他の辺は自動のままです。</translation>
    </message>
    <message>
        <source>Trained cores</source>
        <translation>訓練するコア</translation>
    </message>
    <message>
        <source>all, or all but the one with most parameters (auxiliary, as earlier work on such cores did), or that one alone.</source>
        <translation>「すべて」、最もパラメーターの多いもの以外すべて (「補助」、先行研究の方法)、またはそれだけ (「中央」)。</translation>
    </message>
    <message>
        <source>auxiliary</source>
        <translation>補助</translation>
    </message>
    <message>
        <source>central</source>
        <translation>中央</translation>
    </message>
    <message>
        <source>Gauge</source>
        <translation>ゲージ</translation>
    </message>
    <message>
        <source>Where the size of W lies in its cores: left has it all in the last one, symmetric spreads it over both sides of every bond, so that one learning rate moves all alike. The paper&apos;s choice is not published.</source>
        <translation>W の大きさをコアのどこに置くか。「左」はすべて最後のコアに置き、「対称」は各ボンドの両側に分けるため、1 つの学習率がすべてを同じように動かします。論文の選択は公表されていません。</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>対称</translation>
    </message>
    <message>
        <source>a few frequencies</source>
        <translation>少数の周波数</translation>
    </message>
    <message>
        <source>spectra</source>
        <translation>スペクトル</translation>
    </message>
    <message>
        <source>W&apos; = W + s·Re(F⁻¹(c at fixed places))</source>
        <translation>W&apos; = W + s·Re(F⁻¹(固定した位置の c))</translation>
    </message>
    <message>
        <source>Coefficients</source>
        <translation>係数の数</translation>
    </message>
    <message>
        <source>How many coefficients of the spectrum are trained, a matrix: all its parameters.</source>
        <translation>行列あたりに訓練するスペクトル係数の数。これがパラメーターのすべてです。</translation>
    </message>
    <message>
        <source>Scaling</source>
        <translation>スケーリング</translation>
    </message>
    <message>
        <source>Strength of the update. The paper takes 100 to 300, with learning rates of 1e-3 to 1e-1.</source>
        <translation>更新の強さ。論文は 100~300、学習率 1e-3~1e-1 を使います。</translation>
    </message>
    <message>
        <source>Seed of the places</source>
        <translation>位置のシード</translation>
    </message>
    <message>
        <source>Decides which coefficients are trained, the same at matrices of one shape. Others need it to read the adapter.</source>
        <translation>訓練する係数の位置を決めます。同じ形の行列では同じです。他のプログラムがアダプターを読むときに必要です。</translation>
    </message>
    <message>
        <source>Begin unchanged</source>
        <translation>変化なしで開始</translation>
    </message>
    <message>
        <source>Coefficients begin at zero. Off: they are drawn from the normal law, as the paper and PEFT do, and step 0 already is another model, the more so the smaller its matrices are.</source>
        <translation>係数は 0 から始まります。オフでは論文や PEFT と同じく正規分布から決めるため、ステップ 0 ですでに別のモデルになります。行列が小さいほど差が大きくなります。</translation>
    </message>
    <message>
        <source>coefficients of the spectrum</source>
        <translation>スペクトルの係数</translation>
    </message>
    <message>
        <source>DoRA over few bits</source>
        <translation>低ビット上の DoRA</translation>
    </message>
    <message>
        <source>W&apos; = m · (Q + s·B·A) / ‖Q + s·B·A‖, by rows; Q of few bits, the second stage alone</source>
        <translation>W&apos; = m · (Q + s·B·A) / ‖Q + s·B·A‖ (行ごと)、Q は低ビット、第 2 段階のみ</translation>
    </message>
    <message>
        <source>Which matrices are adapted: all-linear, module names (q_proj, v_proj), or a regular expression over whole paths. The base Q is [model] storage = nf4, or a quantised file as it lies.</source>
        <translation>適応させる行列: all-linear (すべての線形層)、モジュール名 (q_proj, v_proj)、またはパス全体に対する正規表現。ベース Q は [model] storage = nf4、または量子化されたファイルそのものです。</translation>
    </message>
    <message>
        <source>auto is the paper&apos;s where [model] storage rounds the weights (lq), else kaiming. kaiming and gaussian draw A and leave B at zero; orthogonal draws both so that B A is zero; eva takes for A the directions in which the inputs of some batches vary most. pissa begins with W&apos;s largest singular vectors (sketched, or exact), olora with its QR factors, both taken off W: the model is unchanged at step 0. loftq gives back what nf4 took from W, as far as the rank goes; lq (LQ-LoRA) takes B A off W before what is left goes to nf4, in turns until no less is lost. From pissa on they are exported at twice the rank.</source>
        <translation>「自動」は、[model] storage が重みを丸める場合は論文の方法 (lq)、それ以外は kaiming です。kaiming と gaussian は A を乱数で決め、B を 0 にします。orthogonal は B A が 0 になるように両方を乱数で決めます。eva はいくつかのバッチの入力が最も大きく変動する方向を A にします。pissa は W の最大の特異ベクトル (近似、または厳密)、olora は QR 分解の因子から始め、どちらも W から差し引くため、ステップ 0 のモデルは変わりません。loftq は nf4 が W から失わせた分をランクの範囲で補います。lq (LQ-LoRA) は残りを nf4 にする前に W から B A を差し引き、失われる量が減らなくなるまで交互に繰り返します。pissa 以降は 2 倍のランクで書き出されます。</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>A GGUF file or a Hugging Face folder.</source>
        <translation>GGUF ファイルまたは Hugging Face フォルダー。</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>演算</translation>
    </message>
    <message>
        <source>Precision of the matrix products: bf16 rounds what is multiplied and adds up in fp32; bf16x3 takes three such products for a relative error of about 5e-6, faster than fp32 only with AMX. Auto is bf16 where the processor multiplies it fast (AVX-512 BF16, AMX), else fp32.</source>
        <translation>行列積の精度。bf16 は掛ける値を丸め、fp32 で足し合わせます。bf16x3 はその積を 3 つ使い、相対誤差は約 5e-6 です。fp32 より速いのは AMX がある場合だけです。「自動」は、プロセッサーが bf16 を高速に掛けられる場合 (AVX-512 BF16、AMX) は bf16、それ以外は fp32 です。</translation>
    </message>
    <message>
        <source>fp32</source>
        <translation>fp32</translation>
    </message>
    <message>
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <source>bf16x3</source>
        <translation>bf16x3</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>計算の担当</translation>
    </message>
    <message>
        <source>What makes the fp32 products of weights that are stored as fp32: auto tries each shape once on this machine, WEFT&apos;s kernels against the library that LibTorch brings (MKL), and keeps what was found. Packed, half and nf4 weights, and bf16, are always WEFT&apos;s own.</source>
        <translation>fp32 で保存された重みの fp32 の積を何が計算するか。「自動」は、このマシンで形ごとに一度ずつ WEFT のカーネルと LibTorch 付属のライブラリ (MKL) を比べ、結果を保存します。圧縮、半精度、nf4 の重みと bf16 は常に WEFT が計算します。</translation>
    </message>
    <message>
        <source>own</source>
        <translation>自前</translation>
    </message>
    <message>
        <source>library</source>
        <translation>ライブラリ</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>保存形式</translation>
    </message>
    <message>
        <source>How the frozen weights are kept in memory; auto and as-is leave them as they lie in the file. nf4 (QLoRA) rounds the linear layers to 4.5 bits a weight, nf4-double their scales as well, to 4.13 bits; embeddings, norms and output layer stay as they are. A merge still takes the file&apos;s own weights.</source>
        <translation>凍結された重みをメモリーに置く形式。「自動」と「そのまま」はファイルの形式のままです。nf4 (QLoRA) は線形層を重みあたり 4.5 ビットに丸め、nf4-double はそのスケールも丸めて 4.13 ビットにします。埋め込み、正規化、出力層は変わりません。統合ではファイルの元の重みを使います。</translation>
    </message>
    <message>
        <source>nf4</source>
        <translation>nf4</translation>
    </message>
    <message>
        <source>nf4-double</source>
        <translation>nf4-double</translation>
    </message>
    <message>
        <source>as-is</source>
        <translation>そのまま</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>JSONL, JSON, CSV, plain text or token file.</source>
        <translation>JSONL、JSON、CSV、テキスト、またはトークンのファイル。</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>How rows are read; auto finds it from the columns.</source>
        <translation>行の読み方。「自動」は列から判断します。</translation>
    </message>
    <message>
        <source>alpaca</source>
        <translation>alpaca</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>sharegpt</source>
        <translation>sharegpt</translation>
    </message>
    <message>
        <source>prompt-completion</source>
        <translation>prompt-completion</translation>
    </message>
    <message>
        <source>text</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Prompt column</source>
        <translation>プロンプトの列</translation>
    </message>
    <message>
        <source>The column with the question or instruction; empty finds it by its name.</source>
        <translation>質問や指示の列。空なら名前から探します。</translation>
    </message>
    <message>
        <source>Input column</source>
        <translation>入力の列</translation>
    </message>
    <message>
        <source>A column that is put below the prompt, such as a context; empty finds it by its name.</source>
        <translation>文脈など、プロンプトの下に置く列。空なら名前から探します。</translation>
    </message>
    <message>
        <source>Answer column</source>
        <translation>答えの列</translation>
    </message>
    <message>
        <source>The column that is learned; empty finds it by its name.</source>
        <translation>学習する列。空なら名前から探します。</translation>
    </message>
    <message>
        <source>Messages column</source>
        <translation>メッセージの列</translation>
    </message>
    <message>
        <source>The column with a list of messages; empty finds it by its name.</source>
        <translation>メッセージのリストの列。空なら名前から探します。</translation>
    </message>
    <message>
        <source>Text column</source>
        <translation>テキストの列</translation>
    </message>
    <message>
        <source>The column with plain text; empty finds it by its name.</source>
        <translation>テキストの列。空なら名前から探します。</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>テンプレート</translation>
    </message>
    <message>
        <source>Chat template: auto is the model&apos;s own, else a named one (chatml, alpaca, plain) or a file.</source>
        <translation>チャットテンプレート。auto はモデル自身のもの、または名前 (chatml、alpaca、plain) かファイルを指定します。</translation>
    </message>
    <message>
        <source>Train on</source>
        <translation>学習する範囲</translation>
    </message>
    <message>
        <source>Which tokens the loss counts: the answers only, or everything.</source>
        <translation>損失に数えるトークン: 答えだけ、またはすべて。</translation>
    </message>
    <message>
        <source>assistant</source>
        <translation>答え</translation>
    </message>
    <message>
        <source>Longest row</source>
        <translation>最長の行</translation>
    </message>
    <message>
        <source>Pack short rows</source>
        <translation>短い行を詰める</translation>
    </message>
    <message>
        <source>Several short rows share one batch line; they never attend to each other.</source>
        <translation>複数の短い行が 1 本のバッチ行を共有します。互いにアテンションは向けません。</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>シャッフル</translation>
    </message>
    <message>
        <source>New order every epoch; off keeps the file&apos;s order.</source>
        <translation>エポックごとに順序を変えます。オフではファイルの順です。</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>検証用</translation>
    </message>
    <message>
        <source>Share of the rows kept aside to measure the loss on rows that are not trained.</source>
        <translation>訓練しない行の損失を測るために取り分ける行の割合。</translation>
    </message>
    <message>
        <source>Data seed</source>
        <translation>データのシード</translation>
    </message>
    <message>
        <source>Decides the hold-out split and the order.</source>
        <translation>検証用の行の選び方と順序を決めます。</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>手法</translation>
    </message>
    <message>
        <source>The adapter method.</source>
        <translation>アダプターの手法。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Optimizer steps; 0 takes the number from epochs.</source>
        <translation>最適化のステップ数。0 ではエポック数から決めます。</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>エポック数</translation>
    </message>
    <message>
        <source>Tokens a batch</source>
        <translation>バッチのトークン数</translation>
    </message>
    <message>
        <source>Rows are packed up to this many tokens; memory grows with it.</source>
        <translation>このトークン数まで行を詰めます。大きいほどメモリーを使います。</translation>
    </message>
    <message>
        <source>Rows a batch</source>
        <translation>バッチの行数</translation>
    </message>
    <message>
        <source>Accumulate</source>
        <translation>勾配の累積</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>Step size at its highest; too high makes the loss jump.</source>
        <translation>ステップの大きさの最大値。大きすぎると損失が跳ねます。</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>スケジュール</translation>
    </message>
    <message>
        <source>How the learning rate falls after the warm-up.</source>
        <translation>ウォームアップの後、学習率がどう下がるか。</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>一定</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>線形</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>コサイン</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>Below 1 a share of the steps, else a number of steps, in which the learning rate rises.</source>
        <translation>1 未満は全ステップに対する割合、1 以上はステップ数。この間に学習率が上がります。</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>オプティマイザー</translation>
    </message>
    <message>
        <source>AdamW: decoupled weight decay. lora-rite and lora-pro change B and A of a matrix together (LoRA, rsLoRA and LoRA+ alone): the first whatever way their product is split, the second as the gradient of the whole matrix would, with two numbers of memory for each of its weights.</source>
        <translation>AdamW: 重み減衰を分離した Adam。lora-rite と lora-pro は行列の B と A をまとめて更新します (LoRA、rsLoRA、LoRA+ のみ)。前者は積の分け方によらない更新、後者は行列全体の勾配に沿う更新で、重み 1 つあたり数値 2 つ分のメモリーを使います。</translation>
    </message>
    <message>
        <source>adamw</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>lora-rite</source>
        <translation>lora-rite</translation>
    </message>
    <message>
        <source>lora-pro</source>
        <translation>lora-pro</translation>
    </message>
    <message>
        <source>Beta 1</source>
        <translation>ベータ 1</translation>
    </message>
    <message>
        <source>Memory of the gradient.</source>
        <translation>勾配の記憶の長さ。</translation>
    </message>
    <message>
        <source>Beta 2</source>
        <translation>ベータ 2</translation>
    </message>
    <message>
        <source>Memory of the squared gradient.</source>
        <translation>勾配の 2 乗の記憶の長さ。</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>イプシロン</translation>
    </message>
    <message>
        <source>Keeps the division finite.</source>
        <translation>割り算を有限に保ちます。</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>重み減衰</translation>
    </message>
    <message>
        <source>Shrinks the adapter a little each step.</source>
        <translation>各ステップでアダプターを少し縮めます。</translation>
    </message>
    <message>
        <source>Clip gradient</source>
        <translation>勾配クリッピング</translation>
    </message>
    <message>
        <source>Longest gradient allowed, as 2-norm over all adapters; 0 turns it off.</source>
        <translation>許容する勾配の長さの上限 (全アダプターの 2 ノルム)。0 で無効になります。</translation>
    </message>
    <message>
        <source>Layers at first (CopRA)</source>
        <translation>最初の層の割合 (CopRA)</translation>
    </message>
    <message>
        <source>Share of the layers whose adapters take part in the first step; others are drawn at each, and the share rises to all over three quarters of the run. 1 always takes all; CopRA&apos;s successor takes 0.1. For adapters that merge and prune better, and steps that cost a little less.</source>
        <translation>最初のステップでアダプターが参加する層の割合。ステップごとに選び直され、割合は実行の 4 分の 3 の間にすべてまで上がります。1 では常にすべて、CopRA の後継は 0.1 を使います。統合や枝刈りに強いアダプターになり、ステップの計算量も少し減ります。</translation>
    </message>
    <message>
        <source>Weight noise (Flat-LoRA)</source>
        <translation>重みのノイズ (Flat-LoRA)</translation>
    </message>
    <message>
        <source>Normal noise on the merged weights while they are trained, as a share of each row&apos;s length; it rises from none over the run. For adapters that stand small changes of the weights, at some time a step. 0: none; Flat-LoRA takes 0.05.</source>
        <translation>訓練中に統合後の重みに加える正規ノイズ。各行の長さに対する割合で、実行を通じて 0 から上がります。重みの小さな変化に強いアダプターになりますが、ステップの時間は少し延びます。0 はなし、Flat-LoRA は 0.05 を使います。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード</translation>
    </message>
    <message>
        <source>Decides the adapter&apos;s start; the same seed repeats a run bit for bit on one machine.</source>
        <translation>アダプターの初期値を決めます。同じシードなら、同じマシンで実行が 1 ビットまで再現されます。</translation>
    </message>
    <message>
        <source>Evaluate every</source>
        <translation>評価の間隔</translation>
    </message>
    <message>
        <source>Loss on the held-out rows, also at the start and the end; 0 never.</source>
        <translation>検証データの損失を測る間隔。開始時と終了時にも測ります。0 は測りません。</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>忍耐回数</translation>
    </message>
    <message>
        <source>evaluations</source>
        <translation>回</translation>
    </message>
    <message>
        <source>Least fall</source>
        <translation>最小の低下幅</translation>
    </message>
    <message>
        <source>How far the loss on held-out rows must fall below the last time that counted, to count for patience.</source>
        <translation>忍耐回数を数え直すために、検証損失が前回の記録からどれだけ下がる必要があるか。</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>nat</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>チェックポイントの間隔</translation>
    </message>
    <message>
        <source>State to go on from, also at the end; 0 only at the end.</source>
        <translation>続きから再開できる状態を保存する間隔。終了時にも保存します。0 では終了時だけです。</translation>
    </message>
    <message>
        <source>Keep checkpoints</source>
        <translation>残すチェックポイント</translation>
    </message>
    <message>
        <source>Only the last so many stay, and the best one; 0 keeps all. Fewer take less of the disk.</source>
        <translation>最新のこの数と最良のものだけを残します。0 ではすべて残します。少ないほどディスクの使用量が減ります。</translation>
    </message>
    <message>
        <source>Order of products</source>
        <translation>積の順序</translation>
    </message>
    <message>
        <source>How W x + B A x and its gradients are evaluated (RunLoRA): auto keeps A x; flops takes the fewest operations, timed the fastest by trial (another run may choose otherwise); or a pair such as F2+B5. All but auto keep no A x: less memory.</source>
        <translation>W x + B A x とその勾配の計算順序 (RunLoRA)。auto は A x を保持します。flops は演算数が最少の順序、timed は試して最も速い順序 (実行ごとに変わりえます)、または F2+B5 のような組を指定します。auto 以外は A x を保持しないため、メモリーが減ります。</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>アクティベーション</translation>
    </message>
    <message>
        <source>What the layers keep for the backward pass, from most memory to least; the numbers are the same. Auto is cheap where that fits, else the fastest that does.</source>
        <translation>逆伝播のために層が保持するもの。メモリーの多い順で、結果の数値は同じです。「自動」は、収まるなら「節約」、収まらなければ収まる中で最も速いものです。</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>保持</translation>
    </message>
    <message>
        <source>cheap</source>
        <translation>節約</translation>
    </message>
    <message>
        <source>drop</source>
        <translation>破棄</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>チェックポイント</translation>
    </message>
    <message>
        <source>Preflight</source>
        <translation>事前確認</translation>
    </message>
    <message>
        <source>One pass forward and backward on the longest batch before step 1: its loss must be finite, and its peak of memory is recorded. Auto does it where the plan takes more than half of the memory there is; the run&apos;s numbers are the same.</source>
        <translation>ステップ 1 の前に最長のバッチで順伝播と逆伝播を 1 回行います。損失が有限であることを確かめ、メモリーの最大値を記録します。「自動」は計画が利用可能なメモリーの半分を超える場合に行います。実行の数値は変わりません。</translation>
    </message>
    <message>
        <source>always</source>
        <translation>常に</translation>
    </message>
    <message>
        <source>never</source>
        <translation>しない</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>スレッド数</translation>
    </message>
    <message>
        <source>Worker threads; 0 takes one a core.</source>
        <translation>作業スレッドの数。0 ではコアごとに 1 つ使います。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>ドロップアウト</translation>
    </message>
    <message>
        <source>Against overfitting, with any method: hiddenkey- drops keys of attention and hidden values of the later layers (arXiv:2403.00812); hiddenkey also makes two passes with different masks agree, which takes about a quarter more time; custom takes the settings below.</source>
        <translation>どの手法でも使える過学習対策。hiddenkey- は後半の層でアテンションのキーと隠れ値を落とします (arXiv:2403.00812)。hiddenkey はさらにマスクの異なる 2 回の計算を一致させ、時間は約 4 分の 1 増えます。「カスタム」は下の設定を使います。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>hiddenkey-</source>
        <translation>hiddenkey-</translation>
    </message>
    <message>
        <source>hiddenkey</source>
        <translation>hiddenkey</translation>
    </message>
    <message>
        <source>custom</source>
        <translation>カスタム</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>キー</translation>
    </message>
    <message>
        <source>DropKey: share of the keys that attention does not see; a token always sees itself. The paper searches 0.01 to 0.2; its best is not published.</source>
        <translation>DropKey: アテンションから隠すキーの割合。トークンは自分自身を常に見ます。論文は 0.01~0.2 を探索し、最良値は公表していません。</translation>
    </message>
    <message>
        <source>Keys by</source>
        <translation>キーの単位</translation>
    </message>
    <message>
        <source>column drops a key for all queries of a head, span a stretch of neighbouring keys, element each pair of query and key.</source>
        <translation>「列」はヘッドのすべてのクエリに対してキーを 1 つ、「区間」は隣り合うキーのまとまりを、「要素」はクエリとキーの組ごとに落とします。</translation>
    </message>
    <message>
        <source>element</source>
        <translation>要素</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>span</source>
        <translation>区間</translation>
    </message>
    <message>
        <source>Hidden values</source>
        <translation>隠れ値</translation>
    </message>
    <message>
        <source>HiddenCut: share of what the feed-forward module adds that is left out. The paper searches 0.01 to 0.2; its best is not published.</source>
        <translation>HiddenCut: フィードフォワード層が加える値のうち除く割合。論文は 0.01~0.2 を探索し、最良値は公表していません。</translation>
    </message>
    <message>
        <source>Hidden by</source>
        <translation>隠れ値の単位</translation>
    </message>
    <message>
        <source>element drops single values, column a channel for a whole row, span a stretch of neighbouring tokens.</source>
        <translation>「要素」は値を 1 つずつ、「列」は行全体でチャネルを 1 つ、「区間」は隣り合うトークンのまとまりを落とします。</translation>
    </message>
    <message>
        <source>Hidden where</source>
        <translation>隠れ値の場所</translation>
    </message>
    <message>
        <source>output is what down_proj gives, as HiddenCut&apos;s own code has it; inner what it reads.</source>
        <translation>「出力」は HiddenCut のコードと同じく down_proj の出力、「内側」はその入力です。</translation>
    </message>
    <message>
        <source>output</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>inner</source>
        <translation>内側</translation>
    </message>
    <message>
        <source>Attention weights</source>
        <translation>アテンションの重み</translation>
    </message>
    <message>
        <source>DropAttention: share of attention&apos;s weights left out after the softmax, the others made to sum to 1.</source>
        <translation>DropAttention: ソフトマックスの後に除くアテンションの重みの割合。残りは合計が 1 になるようにします。</translation>
    </message>
    <message>
        <source>Weights by</source>
        <translation>重みの単位</translation>
    </message>
    <message>
        <source>As for keys.</source>
        <translation>キーと同じです。</translation>
    </message>
    <message>
        <source>Embedded tokens</source>
        <translation>埋め込みトークン</translation>
    </message>
    <message>
        <source>Share of the embedded tokens&apos; values that is left out.</source>
        <translation>埋め込まれたトークンの値のうち除く割合。</translation>
    </message>
    <message>
        <source>Embedded by</source>
        <translation>埋め込みの単位</translation>
    </message>
    <message>
        <source>As for hidden values.</source>
        <translation>隠れ値と同じです。</translation>
    </message>
    <message>
        <source>Last layer</source>
        <translation>最後の層</translation>
    </message>
    <message>
        <source>Share of the values left out that the output layer reads.</source>
        <translation>出力層が読む値のうち除く割合。</translation>
    </message>
    <message>
        <source>Last by</source>
        <translation>最後の層の単位</translation>
    </message>
    <message>
        <source>Adapter input</source>
        <translation>アダプターの入力</translation>
    </message>
    <message>
        <source>lora_dropout of PEFT: share of the values left out that an adapter reads, while the frozen matrix reads them all.</source>
        <translation>PEFT の lora_dropout: アダプターが読む値のうち除く割合。凍結された行列はすべて読みます。</translation>
    </message>
    <message>
        <source>Rescale</source>
        <translation>スケール補正</translation>
    </message>
    <message>
        <source>Hidden, embedded and last values that stay grow by 1 / (1 - rate). Auto: by element only; for columns and spans the paper does not say, and HiddenCut&apos;s own code does not.</source>
        <translation>残った隠れ値、埋め込み、最後の層の値を 1 / (1 - 割合) 倍にします。「自動」は要素単位のときだけです。列と区間について論文の記述はなく、HiddenCut のコードは補正しません。</translation>
    </message>
    <message>
        <source>on</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>off</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>層</translation>
    </message>
    <message>
        <source>Where keys, attention weights and hidden values are dropped; decoders suffer from it in their first half.</source>
        <translation>キー、アテンションの重み、隠れ値を落とす層。デコーダーは前半で落とすと性能が下がります。</translation>
    </message>
    <message>
        <source>later-half</source>
        <translation>後半</translation>
    </message>
    <message>
        <source>Keep the first key</source>
        <translation>最初のキーを残す</translation>
    </message>
    <message>
        <source>Never drops the first token of a row as a key: many decoders rest their attention there.</source>
        <translation>行の最初のトークンをキーから落としません。多くのデコーダーがそこにアテンションを預けるためです。</translation>
    </message>
    <message>
        <source>Consistency</source>
        <translation>一貫性</translation>
    </message>
    <message>
        <source>Adds to the loss how far two passes are apart over the trained tokens: kl between two masks, in both directions (R-Drop); js from the pass without dropout (Jensen-Shannon; the paper&apos;s exact form is not published).</source>
        <translation>学習するトークンで 2 回の計算がどれだけ離れているかを損失に加えます。kl は 2 つのマスクの間の両方向 (R-Drop)、js はドロップアウトなしの計算からの距離 (Jensen-Shannon、論文の正確な式は公表されていません)。</translation>
    </message>
    <message>
        <source>kl</source>
        <translation>kl</translation>
    </message>
    <message>
        <source>js</source>
        <translation>js</translation>
    </message>
    <message>
        <source>Weight of consistency</source>
        <translation>一貫性の重み</translation>
    </message>
    <message>
        <source>Factor of that term, a mean over the trained tokens. The paper searches 0.01 to 10; its best is not published.</source>
        <translation>その項の係数。学習するトークンの平均です。論文は 0.01~10 を探索し、最良値は公表していません。</translation>
    </message>
    <message>
        <source>Train both passes</source>
        <translation>両方の計算を訓練</translation>
    </message>
    <message>
        <source>Sends gradients through both passes (R-Drop), at twice the time of a step; else through the first alone, as HiddenKey does.</source>
        <translation>2 回の計算の両方に勾配を流します (R-Drop)。ステップの時間は 2 倍です。オフでは HiddenKey と同じく 1 回目だけに流します。</translation>
    </message>
    <message>
        <source>Spectra</source>
        <translation>スペクトル</translation>
    </message>
    <message>
        <source>Spectra every</source>
        <translation>スペクトルの間隔</translation>
    </message>
    <message>
        <source>How often the singular values are taken; 0 never.</source>
        <translation>特異値を計算する間隔。0 では計算しません。</translation>
    </message>
    <message>
        <source>Most time for spectra</source>
        <translation>スペクトルの時間の上限</translation>
    </message>
    <message>
        <source>When spectra take a larger share of the step time they are taken less often, and the log says so; 0 sets no limit.</source>
        <translation>スペクトルがステップ時間のこの割合を超えると、計算の回数を減らし、ログに記します。0 は無制限です。</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>サンプル</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>Answered while it trains, by the base and by the adapter as it is then; none: no samples. The run is the same with and without them.</source>
        <translation>訓練中に、ベースとその時点のアダプターが答えます。なければサンプルもありません。サンプルの有無で実行は変わりません。</translation>
    </message>
    <message>
        <source>Sample every</source>
        <translation>サンプルの間隔</translation>
    </message>
    <message>
        <source>How often the prompts are answered, also at the end; 0 only at the end. Training waits for the answers.</source>
        <translation>プロンプトに答える間隔。終了時にも答えます。0 では終了時だけです。その間、訓練は待ちます。</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最長の答え</translation>
    </message>
    <message>
        <source>Answers are cut there; their time grows with it.</source>
        <translation>答えはそこで切られます。長いほど時間がかかります。</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token, so that answers differ by training alone; above, tokens are drawn with the run&apos;s seed.</source>
        <translation>0 では常に最も確からしいトークンを選ぶため、答えの違いは訓練だけによります。0 より大きい値では、実行のシードでトークンを選びます。</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token; 1 draws by the model&apos;s own probabilities; more makes unlikely ones likelier.</source>
        <translation>0 では常に最も確からしいトークンを選びます。1 ではモデルの確率どおりに選び、大きいほど珍しいトークンが出やすくなります。</translation>
    </message>
    <message>
        <source>An answer ends there, or where the model ends it.</source>
        <translation>答えはここで、またはモデルが終えたところで終わります。</translation>
    </message>
    <message>
        <source>The same seed gives the same text; answers side by side are drawn with one.</source>
        <translation>同じシードなら同じテキストになります。並べた答えは同じシードで生成されます。</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Only so many of the likeliest tokens can be drawn; 0: all.</source>
        <translation>確率の高い順にこの数のトークンだけから選びます。0 ではすべてです。</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Only the fewest likeliest tokens that have this share of the probability can be drawn; 1: all.</source>
        <translation>確率の合計がこの割合に達する最少のトークンだけから選びます。1 ではすべてです。</translation>
    </message>
    <message>
        <source>linears</source>
        <translation>線形層</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>アテンション</translation>
    </message>
    <message>
        <source>elementwise</source>
        <translation>要素ごとの演算</translation>
    </message>
    <message>
        <source>head</source>
        <translation>出力層</translation>
    </message>
    <message>
        <source>adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>optimizer</source>
        <translation>オプティマイザー</translation>
    </message>
    <message>
        <source>other</source>
        <translation>その他</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>準備中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>pausing</source>
        <translation>一時停止処理中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>一時停止中</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>停止処理中</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>abandoned</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>rank-1 spike</source>
        <translation>ランク 1 のスパイク</translation>
    </message>
    <message>
        <source>At step %1 one direction holds over %2 % of the update&apos;s energy in %3 of %4 matrices; most at %5: %6 %, where it was %7 % before.</source>
        <translation>ステップ %1 で、%4 行列のうち %3 行列の更新エネルギーの %2 % 超が 1 つの方向に集中しています。最大は %5 の %6 % で、以前は %7 % でした。</translation>
    </message>
    <message>
        <source>dead directions</source>
        <translation>使われない方向</translation>
    </message>
    <message>
        <source>At step %1 %2 of %3 directions (%4 %), in %5 matrices, are under a thousandth of their matrix&apos;s largest.</source>
        <translation>ステップ %1 で、%3 方向のうち %2 方向 (%4 %、%5 行列) が、その行列の最大値の 1000 分の 1 未満です。</translation>
    </message>
    <message>
        <source>norm runaway</source>
        <translation>ノルムの急増</translation>
    </message>
    <message>
        <source>From step %1 to %2 the update&apos;s norm grew more than %3 times in %4 of %5 matrices; most at %6: %7 times, at a learning rate that did not rise.</source>
        <translation>ステップ %1 から %2 の間に、%5 行列のうち %4 行列で更新のノルムが %3 倍を超えて増えました。最大は %6 の %7 倍で、学習率は上がっていません。</translation>
    </message>
    <message>
        <source>plateau</source>
        <translation>停滞</translation>
    </message>
    <message>
        <source>The training loss was %1 ± %2 over steps %3 to %4 and %5 ± %6 over steps %7 to %8.</source>
        <translation>訓練損失はステップ %3~%4 で %1 ± %2、ステップ %7~%8 で %5 ± %6 でした。</translation>
    </message>
    <message>
        <source>overfit gap</source>
        <translation>過学習の差</translation>
    </message>
    <message>
        <source>The loss on held-out rows is %1 at step %2; its lowest was %3 at step %4. The training loss fell from %5 to %6 meanwhile.</source>
        <translation>検証損失はステップ %2 で %1、最小はステップ %4 の %3 でした。その間に訓練損失は %5 から %6 に下がりました。</translation>
    </message>
    <message>
        <source>Rows of at most %1 tokens</source>
        <translation>行を最長 %1 トークンに</translation>
    </message>
    <message>
        <source>Rows of at most %1 tokens, a batch each</source>
        <translation>行を最長 %1 トークンに、1 バッチ 1 行</translation>
    </message>
    <message>
        <source>Batches of %1 rows, %2 a step</source>
        <translation>%1 行のバッチを 1 ステップに %2 回</translation>
    </message>
    <message>
        <source>Batches of %1 tokens, %2 a step</source>
        <translation>%1 トークンのバッチを 1 ステップに %2 回</translation>
    </message>
    <message>
        <source>Keep less of the activations (%1)</source>
        <translation>アクティベーションの保持を減らす (%1)</translation>
    </message>
    <message>
        <source>Store the frozen weights as nf4</source>
        <translation>凍結された重みを nf4 で保存</translation>
    </message>
    <message>
        <source>Adapt q_proj and v_proj alone</source>
        <translation>q_proj と v_proj だけを適応</translation>
    </message>
    <message>
        <source>A rank of %1</source>
        <translation>ランク %1</translation>
    </message>
    <message>
        <source>longer rows lose their ends</source>
        <translation>長い行は末尾を失います</translation>
    </message>
    <message>
        <source>the same step, a little slower</source>
        <translation>同じステップ、少し遅くなります</translation>
    </message>
    <message>
        <source>the same numbers, slower</source>
        <translation>同じ数値、遅くなります</translation>
    </message>
    <message>
        <source>the base is rounded to 4.5 bits a weight</source>
        <translation>ベースは重みあたり 4.5 ビットに丸められます</translation>
    </message>
    <message>
        <source>less can be learned</source>
        <translation>学習できる量が減ります</translation>
    </message>
    <message>
        <source>[plan] %1 took %2 and %3 are available</source>
        <translation>[plan] %1 は %2 を使いましたが、利用できるのは %3 です</translation>
    </message>
    <message>
        <source>a checkpoint takes %1 and %2 are free: nothing that is trained could be kept</source>
        <translation>チェックポイントには %1 必要ですが、空きは %2 です。訓練した結果を保存できません</translation>
    </message>
    <message>
        <source>%1 checkpoints of %2 take %3 and %4 are free: the run will pause when there is no room for the next</source>
        <translation>%2 のチェックポイント %1 個には %3 必要ですが、空きは %4 です。次の分の空きがなくなると、実行は一時停止します</translation>
    </message>
    <message>
        <source>activations = &quot;cheap&quot; needs %1, %2 with a tenth to spare, and %3 are available: taken is &quot;%4&quot;, which needs %5; the same numbers, only slower</source>
        <translation>アクティベーション「節約」には %1、1 割の余裕を含めて %2 必要ですが、利用できるのは %3 です。「%4」を使い、必要なのは %5 です。数値は同じで、遅くなるだけです</translation>
    </message>
    <message>
        <source>activations = &quot;cheap&quot; needs %1, %2 with a tenth to spare, and %3 are available: taken is &quot;%4&quot;, which needs %5, the least there is, with hardly anything to spare; the same numbers, only slower</source>
        <translation>アクティベーション「節約」には %1、1 割の余裕を含めて %2 必要ですが、利用できるのは %3 です。「%4」を使い、必要なのは最少の %5 で、余裕はほとんどありません。数値は同じで、遅くなるだけです</translation>
    </message>
    <message>
        <source>%1 in %2 layer</source>
        <translation>%1 (%2 層)</translation>
    </message>
    <message>
        <source>%1 in %2 layers</source>
        <translation>%1 (%2 層)</translation>
    </message>
    <message>
        <source>program and libraries</source>
        <translation>プログラムとライブラリ</translation>
    </message>
    <message>
        <source>the mapped file, no copy</source>
        <translation>メモリーに写像したファイル、コピーなし</translation>
    </message>
    <message>
        <source>the mapped file, and copies of what is not read where it lies</source>
        <translation>メモリーに写像したファイルと、そのまま読めないもののコピー</translation>
    </message>
    <message>
        <source>parameters, gradients, two moments of AdamW</source>
        <translation>パラメーター、勾配、AdamW の 2 つのモーメント</translation>
    </message>
    <message>
        <source>parameters, gradients, moments and bases of LoRA-RITE</source>
        <translation>パラメーター、勾配、LoRA-RITE のモーメントと基底</translation>
    </message>
    <message>
        <source>parameters, gradients, and two moments of every adapted weight for LoRA-Pro</source>
        <translation>パラメーター、勾配、LoRA-Pro 用の適応重みごとの 2 つのモーメント</translation>
    </message>
    <message>
        <source>what each matrix reads is made of fewer parameters, and has gradients of its own</source>
        <translation>各行列が読む値は少ないパラメーターから作られ、それ自身の勾配をもちます</translation>
    </message>
    <message>
        <source>what the backward pass needs of %1 tokens</source>
        <translation>逆伝播が必要とする %1 トークン分の値</translation>
    </message>
    <message>
        <source>gradients of one layer and what is formed again in it</source>
        <translation>1 層の勾配と、その中で計算し直す値</translation>
    </message>
    <message>
        <source>a tile of logits, hidden rows and their gradient</source>
        <translation>ロジットの区画、隠れ行とその勾配</translation>
    </message>
    <message>
        <source>a tile of logits and hidden rows of both passes, and gradients</source>
        <translation>2 回の計算のロジットの区画と隠れ行、その勾配</translation>
    </message>
    <message>
        <source>rows of tokens and labels</source>
        <translation>トークンとラベルの行</translation>
    </message>
    <message>
        <source>core %1 x %2 x %3 x %4</source>
        <translation>コア %1 × %2 × %3 × %4</translation>
    </message>
    <message>
        <source>EXACT LoRA @%1</source>
        <translation>厳密: LoRA @%1</translation>
    </message>
    <message>
        <source>EXACT LoRA @%1 to %2</source>
        <translation>厳密: LoRA @%1~%2</translation>
    </message>
    <message>
        <source>EXACT LoRA @%1 in the mean</source>
        <translation>厳密: LoRA @平均 %1</translation>
    </message>
    <message>
        <source>EXACT LoRA @k found by the run</source>
        <translation>厳密: LoRA @k (実行中に決定)</translation>
    </message>
    <message>
        <source>EXACT via %1</source>
        <translation>厳密: %1</translation>
    </message>
    <message>
        <source>LoraConfig with use_dora</source>
        <translation>LoraConfig (use_dora を指定)</translation>
    </message>
    <message>
        <source>PROJECT ONLY</source>
        <translation>プロジェクト内のみ</translation>
    </message>
    <message>
        <source>PEFT has no %1, and the update has full rank</source>
        <translation>PEFT に %1 はなく、更新はフルランクです</translation>
    </message>
    <message>
        <source>found by itself from the column %1</source>
        <translation>%1 列から自動判定</translation>
    </message>
    <message>
        <source>found by itself from the columns %1</source>
        <translation>%1 列から自動判定</translation>
    </message>
    <message>
        <source>as asked, with the column %1</source>
        <translation>指定どおり、%1 列</translation>
    </message>
    <message>
        <source>as asked, with the columns %1</source>
        <translation>指定どおり、%1 列</translation>
    </message>
    <message>
        <source>not used: %1</source>
        <translation>不使用: %1</translation>
    </message>
    <message>
        <source>training loss, last step</source>
        <translation>訓練損失、最後のステップ</translation>
    </message>
    <message>
        <source>held-out loss, last</source>
        <translation>検証損失、最後</translation>
    </message>
    <message>
        <source>held-out loss, best</source>
        <translation>検証損失、最良</translation>
    </message>
    <message>
        <source>held-out accuracy, last</source>
        <translation>検証精度、最後</translation>
    </message>
    <message>
        <source>tokens/s, median</source>
        <translation>トークン/秒、中央値</translation>
    </message>
    <message>
        <source>memory at most</source>
        <translation>メモリーの最大</translation>
    </message>
    <message>
        <source>trainable parameters</source>
        <translation>訓練パラメーター数</translation>
    </message>
    <message>
        <source>tokens seen</source>
        <translation>処理したトークン数</translation>
    </message>
    <message>
        <source>duration</source>
        <translation>所要時間</translation>
    </message>
    <message>
        <source>energy of the update, all matrices</source>
        <translation>更新のエネルギー、全行列</translation>
    </message>
    <message>
        <source>stable rank, mean</source>
        <translation>安定ランク、平均</translation>
    </message>
    <message>
        <source>effective rank, mean</source>
        <translation>実効ランク、平均</translation>
    </message>
    <message>
        <source>The runs adapt different models: a loss says little across them unless both split text into the same tokens.</source>
        <translation>実行ごとにモデルが異なります。テキストを同じトークンに分けるモデルでない限り、損失の比較にはほとんど意味がありません。</translation>
    </message>
    <message>
        <source>The runs read different data: their losses are taken on different rows.</source>
        <translation>実行ごとにデータが異なります。損失は別々の行で測られています。</translation>
    </message>
    <message>
        <source>loss not finite from step %1 on</source>
        <translation>ステップ %1 以降、損失が有限ではありません</translation>
    </message>
    <message>
        <source>%1 at step %2 of %3</source>
        <translation>ステップ %2 / %3 で%1</translation>
    </message>
    <message>
        <source>no steps recorded</source>
        <translation>記録されたステップがありません</translation>
    </message>
    <message>
        <source>no spectra</source>
        <translation>スペクトルなし</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>the sample is not complete on this machine</source>
        <translation>このマシンのサンプルは不完全です</translation>
    </message>
    <message>
        <source>./run fetches it</source>
        <translation>./run で取得できます</translation>
    </message>
    <message>
        <source>the project is open in another WEFT window, so this one only reads it</source>
        <translation>プロジェクトは別の WEFT のウィンドウで開かれているので、このウィンドウは読むだけです</translation>
    </message>
    <message>
        <source>use that window, or close it and open the project again here</source>
        <translation>そのウィンドウを使うか、閉じてからここでプロジェクトを開き直してください</translation>
    </message>
    <message>
        <source>the engine is not loaded yet or no project is open</source>
        <translation>エンジンがまだ読み込まれていないか、プロジェクトが開かれていません</translation>
    </message>
    <message>
        <source>no project is open</source>
        <translation>プロジェクトが開かれていません</translation>
    </message>
    <message>
        <source>a run goes on</source>
        <translation>実行が進行中です</translation>
    </message>
    <message>
        <source>stop it before opening another project</source>
        <translation>別のプロジェクトを開く前に停止してください</translation>
    </message>
    <message>
        <source>the settings were not saved</source>
        <translation>設定を保存できませんでした</translation>
    </message>
    <message>
        <source>the project did not take note of a model or data set</source>
        <translation>プロジェクトがモデルまたはデータセットを記録できませんでした</translation>
    </message>
    <message>
        <source>no run is going on</source>
        <translation>進行中の実行はありません</translation>
    </message>
    <message>
        <source>a comparison takes %1 to %2 runs, %3 %4 given</source>
        <translation>比較できる実行は %1 から %2 件ですが、%3 件%4指定されました</translation>
    </message>
    <message>
        <source>run r%1 is named twice</source>
        <translation>実行 r%1 が 2 回指定されています</translation>
    </message>
    <message>
        <source>name each run once</source>
        <translation>各実行は 1 回だけ指定してください</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>データセット</translation>
    </message>
    <message>
        <source>the %1 %2 is not there any more, so the shapes of a step are not known</source>
        <translation>%1 %2 がもうないので、ステップの形がわかりません</translation>
    </message>
    <message>
        <source>cannot create %1: %2</source>
        <translation>%1 を作れません: %2</translation>
    </message>
    <message>
        <source>the %1 has no name</source>
        <translation>%1に名前がありません</translation>
    </message>
    <message>
        <source>the path of the %1 holds a NUL byte</source>
        <translation>%1のパスに NUL バイトがあります</translation>
    </message>
    <message>
        <source>%1 %2 does not exist</source>
        <translation>%1 %2 は存在しません</translation>
    </message>
    <message>
        <source>%1 %2 was not found</source>
        <translation>%1 %2 が見つかりません</translation>
    </message>
    <message>
        <source>looked in %1</source>
        <translation>探した場所: %1</translation>
    </message>
    <message>
        <source>the preflight of %1</source>
        <translation>%1 の事前確認</translation>
    </message>
    <message>
        <source>a run is going on</source>
        <translation>実行が進行中です</translation>
    </message>
    <message>
        <source>the queue begins when it is over</source>
        <translation>それが終わるとキューが始まります</translation>
    </message>
    <message>
        <source>no entry of the queue was begun</source>
        <translation>始まったキューの項目はありません</translation>
    </message>
    <message>
        <source>the project cannot be written: %1</source>
        <translation>プロジェクトに書き込めません: %1</translation>
    </message>
    <message>
        <source>training goes on, but what happens now will be missing from the record. Free some space, or stop and save</source>
        <translation>訓練は続きますが、今からのことは記録に残りません。空きを増やすか、停止して保存してください</translation>
    </message>
    <message>
        <source>no run of this model has been timed on this machine yet</source>
        <translation>このマシンでこのモデルの実行はまだ測定されていません</translation>
    </message>
    <message>
        <source>steps by the number of rows</source>
        <translation>行数から見積もったステップ</translation>
    </message>
    <message>
        <source>as fast as %1</source>
        <translation>速さは %1 と同じ</translation>
    </message>
    <message>
        <source>no section %1</source>
        <translation>セクション %1 はありません</translation>
    </message>
    <message>
        <source>it may be one of %1</source>
        <translation>使えるのは %1 です</translation>
    </message>
    <message>
        <source>did you mean %1?</source>
        <translation>%1 ではありませんか?</translation>
    </message>
    <message>
        <source>[%1] has no setting %2</source>
        <translation>[%1] に設定 %2 はありません</translation>
    </message>
    <message>
        <source>a list inside a list has no meaning here</source>
        <translation>リストの中のリストはここでは意味がありません</translation>
    </message>
    <message>
        <source>a table has no meaning here</source>
        <translation>表はここでは意味がありません</translation>
    </message>
    <message>
        <source>dates and times have no meaning here</source>
        <translation>日付や時刻はここでは意味がありません</translation>
    </message>
    <message>
        <source>[train] betas must be a list of two numbers, such as [0.9, 0.999]</source>
        <translation>[train] betas は [0.9, 0.999] のような 2 つの数値のリストである必要があります</translation>
    </message>
    <message>
        <source>%1 line %2: a key of more than %3 parts</source>
        <translation>%1 の %2 行目: %3 個を超える部分をもつキー</translation>
    </message>
    <message>
        <source>[train] names steps and epochs</source>
        <translation>[train] に steps と epochs の両方があります</translation>
    </message>
    <message>
        <source>keep one</source>
        <translation>一方だけにしてください</translation>
    </message>
    <message>
        <source>there is no section [%1]%2</source>
        <translation>セクション [%1] はありません%2</translation>
    </message>
    <message>
        <source>there is no setting %1</source>
        <translation>設定 %1 はありません</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is a setting of [%2] and of [%3]: write %4.%5= or %6.%7=</source>
        <translation>&quot;%1&quot; は [%2] と [%3] の両方にある設定です: %4.%5= または %6.%7= と書いてください</translation>
    </message>
    <message>
        <source>%1 is not key=value</source>
        <translation>%1 は key=value の形ではありません</translation>
    </message>
    <message>
        <source>%1 is not a run file: it cannot be read as TOML</source>
        <translation>%1 は設定ファイルではありません: TOML として読めません</translation>
    </message>
    <message>
        <source>%1 line %2, column %3: %4</source>
        <translation>%1 の %2 行 %3 列: %4</translation>
    </message>
    <message>
        <source>[%1] must be a section, not one value</source>
        <translation>[%1] は 1 つの値でなく、セクションである必要があります</translation>
    </message>
    <message>
        <source>run file</source>
        <translation>設定ファイル</translation>
    </message>
    <message>
        <source>cannot list %1: %2</source>
        <translation>%1 の一覧を読めません: %2</translation>
    </message>
    <message>
        <source>run r%1 is deleted, but not its file %2</source>
        <translation>実行 r%1 は削除されましたが、ファイル %2 は残っています</translation>
    </message>
    <message>
        <source>stop it or wait for its end</source>
        <translation>停止するか、終わるのを待ってください</translation>
    </message>
    <message>
        <source>run r%1 is done after %2 steps</source>
        <translation>実行 r%1 は %2 ステップで完了しています</translation>
    </message>
    <message>
        <source>there is nothing to go on with</source>
        <translation>続けるものがありません</translation>
    </message>
    <message>
        <source>a project in memory keeps no checkpoints, so its runs cannot be resumed</source>
        <translation>メモリー上のプロジェクトにはチェックポイントがないので、その実行は再開できません</translation>
    </message>
    <message>
        <source>starting again from the beginning</source>
        <translation>最初からやり直します</translation>
    </message>
    <message>
        <source>cannot create the checkpoint folder %1: %2</source>
        <translation>チェックポイントのフォルダー %1 を作れません: %2</translation>
    </message>
    <message>
        <source>the export is whole in %1, but the project did not take note of it</source>
        <translation>書き出しは %1 に完全にできましたが、プロジェクトが記録できませんでした</translation>
    </message>
    <message>
        <source>settings of run r%1</source>
        <translation>実行 r%1 の設定</translation>
    </message>
    <message>
        <source>run r%1 ran on another machine (%2</source>
        <translation>実行 r%1 は別のマシンで動きました (%2</translation>
    </message>
    <message>
        <source>this is %1), so its floor cannot be measured here</source>
        <translation>このマシンは %1)。そのため下限をここでは測定できません</translation>
    </message>
    <message>
        <source>the floor is measured when the machine is free</source>
        <translation>下限はマシンが空いているときに測定します</translation>
    </message>
    <message>
        <source>run r%1 has no best checkpoint: no loss on held-out rows was measured after a step</source>
        <translation>実行 r%1 に最良のチェックポイントはありません: ステップの後に検証損失が測られていません</translation>
    </message>
    <message>
        <source>%1 is not as it was written</source>
        <translation>%1 は書かれたときのままではありません</translation>
    </message>
    <message>
        <source>it has %1</source>
        <translation>%1 があります</translation>
    </message>
    <message>
        <source>run r%1 has no checkpoint at step %2</source>
        <translation>実行 r%1 にはステップ %2 のチェックポイントがありません</translation>
    </message>
    <message>
        <source>run r%1 has no whole checkpoint%2</source>
        <translation>実行 r%1 には完全なチェックポイントがありません%2</translation>
    </message>
    <message>
        <source>project %1 can only be read, so a run could not be recorded in it: %2</source>
        <translation>プロジェクト %1 は読むことしかできないので、実行を記録できません: %2</translation>
    </message>
    <message>
        <source>choose another project, or make it and its folder writable where that is what it lacks</source>
        <translation>別のプロジェクトを選ぶか、それとそのフォルダーを書き込み可能にしてください</translation>
    </message>
    <message>
        <source>%1 is not key=value or key=value,value</source>
        <translation>%1 は key=value や key=value,value の形ではありません</translation>
    </message>
    <message>
        <source>%1 has an empty value</source>
        <translation>%1 に空の値があります</translation>
    </message>
    <message>
        <source>it is written key=value,value without a comma at the end</source>
        <translation>最後にコンマを付けず key=value,value と書きます</translation>
    </message>
    <message>
        <source>%1 has the value %2 twice</source>
        <translation>%1 に値 %2 が 2 回あります</translation>
    </message>
    <message>
        <source>--set: %1 is named twice</source>
        <translation>--set: %1 が 2 回指定されています</translation>
    </message>
    <message>
        <source>write its values as %1=value,value</source>
        <translation>値を %1=value,value と書いてください</translation>
    </message>
    <message>
        <source>the grid has more than %1 runs (%2)</source>
        <translation>格子の実行は %1 件を超えます (%2)</translation>
    </message>
    <message>
        <source>take fewer values, or add parts of it one after the other</source>
        <translation>値を減らすか、一部ずつ順に加えてください</translation>
    </message>
    <message>
        <source>[adapter] no matrix is selected</source>
        <translation>[adapter] 行列が選ばれていません</translation>
    </message>
    <message>
        <source>[adapter] rank %1 at %2: at least 1 is needed</source>
        <translation>[adapter] %2 のランク %1: 少なくとも 1 が必要です</translation>
    </message>
    <message>
        <source>[adapter] two slots are called %1</source>
        <translation>[adapter] %1 という場所が 2 つあります</translation>
    </message>
    <message>
        <source>%1 has no tensor %2</source>
        <translation>%1 にテンソル %2 がありません</translation>
    </message>
    <message>
        <source>%1: tensor %2 is of type %3</source>
        <translation>%1: テンソル %2 の型は %3 です</translation>
    </message>
    <message>
        <source>F32, F16 and BF16 are read</source>
        <translation>読めるのは F32、F16、BF16 です</translation>
    </message>
    <message>
        <source>%1: tensor %2 has shape [%3], the model needs [%4]</source>
        <translation>%1: テンソル %2 の形は [%3] ですが、モデルに必要なのは [%4] です</translation>
    </message>
    <message>
        <source>%1: %2 of %3 tensors do not belong to the selected method and matrices, first %4</source>
        <translation>%1: テンソル %3 個のうち %2 個は選んだ手法と行列のものではありません (最初は %4)</translation>
    </message>
    <message>
        <source>[adapter] %1 has no slot %2</source>
        <translation>[adapter] %1 に場所 %2 はありません</translation>
    </message>
    <message>
        <source>[method] blocks = %1 does not divide %2 of %3 x %4: choose a number that divides both sides of every target</source>
        <translation>[method] blocks = %1 は %3 x %4 の %2 を割り切りません: すべての対象の両辺を割り切る数を選んでください</translation>
    </message>
    <message>
        <source>[method] %1 has no attention heads: the targets of LoRTA are among q_proj, k_proj, v_proj and o_proj</source>
        <translation>[method] %1 にアテンションヘッドはありません: LoRTA の対象は q_proj、k_proj、v_proj、o_proj の中から選びます</translation>
    </message>
    <message>
        <source>[method] rank = %1, grown_rank = %2, most_rank = %3: a matrix begins with the first and has at most the last, and the mean of all at the end lies between them</source>
        <translation>[method] rank = %1、grown_rank = %2、most_rank = %3: 行列は 1 番目から始まり、最大で 3 番目になり、終わりの平均はその間にあります</translation>
    </message>
    <message>
        <source>[method] shards = %1 does not divide %2 of %3 x %4: choose a number that divides both sides of every target</source>
        <translation>[method] shards = %1 は %3 x %4 の %2 を割り切りません: すべての対象の両辺を割り切る数を選んでください</translation>
    </message>
    <message>
        <source>[method] private = %1 is more than budget = %2 or rank = %3</source>
        <translation>[method] private = %1 は budget = %2 または rank = %3 より大きいです</translation>
    </message>
    <message>
        <source>[method] rank = %1 asks for %2 ranks in common, but the pool of %3 matrices %4 holds %5: raise the budget or lower the rank</source>
        <translation>[method] rank = %1 は共通のランク %2 個を求めますが、行列 %3 個 %4 の集まりにあるのは %5 個です: budget を上げるか、ランクを下げてください</translation>
    </message>
    <message>
        <source>[method] n_frequency = %1 is more than the %2 values of %3 (%4 x %5): choose fewer, or other targets</source>
        <translation>[method] n_frequency = %1 は %3 (%4 x %5) の %2 個の値より多いです: 減らすか、別の対象を選んでください</translation>
    </message>
    <message>
        <source>[method] rank = %1, but %2 has only %3 %4 to choose from</source>
        <translation>[method] rank = %1 ですが、%2 で選べるのは %3 %4 だけです</translation>
    </message>
    <message>
        <source>[method] rank = %1 is above most_rank = %2: ranks begin with the first and grow up to the second</source>
        <translation>[method] rank = %1 は most_rank = %2 を超えています: ランクは 1 番目から始まり、2 番目まで成長します</translation>
    </message>
    <message>
        <source>[method] rank = %1 is more than %2 (%3 x %4) has directions: choose %5 at most, or leave that matrix out of the targets</source>
        <translation>[method] rank = %1 は %2 (%3 x %4) の方向の数より大きいです: 最大 %5 にするか、その行列を対象から外してください</translation>
    </message>
    <message>
        <source>[adapter.start] the weight of %1 holds values that are not finite</source>
        <translation>[adapter.start] %1 の重みに有限でない値があります</translation>
    </message>
    <message>
        <source>choose another model</source>
        <translation>別のモデルを選んでください</translation>
    </message>
    <message>
        <source>[method] target_rank = %1 is above rank = %2: ranks are taken away, so begin with more</source>
        <translation>[method] target_rank = %1 は rank = %2 を超えています: ランクは減らされるので、多めに始めてください</translation>
    </message>
    <message>
        <source>[train] evaluation: %1</source>
        <translation>[train] evaluation: %1</translation>
    </message>
    <message>
        <source>, no input gradient</source>
        <translation>、入力の勾配なし</translation>
    </message>
    <message>
        <source>%1 x %2, rank %3, up to %4 tokens%5: %6</source>
        <translation>%1 x %2、ランク %3、%4 トークンまで%5: %6</translation>
    </message>
    <message>
        <source>[model.linear] %1 layers, %2 outputs</source>
        <translation>[model.linear] %1 層、出力 %2 個</translation>
    </message>
    <message>
        <source>[model.linear] a residual belongs to one layer</source>
        <translation>[model.linear] 残差は 1 つの層のものです</translation>
    </message>
    <message>
        <source>[model.linear] input %1 does not fit a weight of [%2, %3]</source>
        <translation>[model.linear] 入力 %1 は [%2, %3] の重みに合いません</translation>
    </message>
    <message>
        <source>[adapter] no %1 named &quot;%2&quot;</source>
        <translation>[adapter] &quot;%2&quot; という %1 はありません</translation>
    </message>
    <message>
        <source>[adapter.start] %1: the method has no start of its own and offers none</source>
        <translation>[adapter.start] %1: この手法には固有の初期化がなく、提供もしません</translation>
    </message>
    <message>
        <source>scale of each column</source>
        <translation>各列のスケール</translation>
    </message>
    <message>
        <source>second factor</source>
        <translation>2 番目の因子</translation>
    </message>
    <message>
        <source>targets is not a regular expression: %1 at character %2</source>
        <translation>targets が正規表現ではありません: %2 文字目で %1</translation>
    </message>
    <message>
        <source>targets: this regular expression takes too long</source>
        <translation>targets: この正規表現は時間がかかりすぎます</translation>
    </message>
    <message>
        <source>simplify it</source>
        <translation>簡単にしてください</translation>
    </message>
    <message>
        <source>targets %1 selects no matrix</source>
        <translation>targets %1 に当てはまる行列がありません</translation>
    </message>
    <message>
        <source>the model has %1</source>
        <translation>モデルにあるのは %1 です</translation>
    </message>
    <message>
        <source>there are %1</source>
        <translation>あるのは %1 です</translation>
    </message>
    <message>
        <source>did you mean &quot;%1&quot;?</source>
        <translation>&quot;%1&quot; ではありませんか?</translation>
    </message>
    <message>
        <source>no adapter method %1</source>
        <translation>アダプターの手法 %1 はありません</translation>
    </message>
    <message>
        <source>[dropout] adapter_rate leaves out what an adapter reads beside its matrix, and the update of %1 is applied with the matrix in one product: take hidden_rate or key_rate</source>
        <translation>[dropout] adapter_rate はアダプターが行列とは別に読む値を落としますが、%1 の更新は行列と 1 つの積で適用されます: hidden_rate か key_rate を使ってください</translation>
    </message>
    <message>
        <source>adapters of type %1 cannot be read by this version</source>
        <translation>種類 %1 のアダプターは、このバージョンでは読めません</translation>
    </message>
    <message>
        <source>method catalogue is incomplete</source>
        <translation>手法の一覧が不完全です</translation>
    </message>
    <message>
        <source>the others are %1</source>
        <translation>他は %1 です</translation>
    </message>
    <message>
        <source>targets: %1 carries no adapter: it is as large as the vocabulary, and embedding and output layer are often one matrix</source>
        <translation>targets: %1 にアダプターは付きません: 語彙と同じ大きさで、埋め込みと出力層はしばしば同じ行列です</translation>
    </message>
    <message>
        <source>targets: the model has no matrix %1</source>
        <translation>targets: モデルに行列 %1 はありません</translation>
    </message>
    <message>
        <source> Where it does not divide the inputs of a matrix, the nearest that does is taken, as PEFT does.</source>
        <translation> 行列の入力を割り切らないときは、PEFT と同じく、割り切る最も近い数にします。</translation>
    </message>
    <message>
        <source>auto is the paper&apos;s where [model] storage rounds the weights (lq), else kaiming. %1</source>
        <translation>auto では、[model] storage が重みを丸める場合は論文の方法 (lq)、それ以外は kaiming です。%1</translation>
    </message>
    <message>
        <source> The base Q is [model] storage = nf4, or a quantised file as it lies.</source>
        <translation> ベース Q は [model] storage = nf4、またはそのままの量子化ファイルです。</translation>
    </message>
    <message>
        <source>[method] factors: %1 is no product of whole numbers such as &quot;4x6x6x4&quot;</source>
        <translation>[method] factors: %1 は &quot;4x6x6x4&quot; のような整数の積ではありません</translation>
    </message>
    <message>
        <source>or choose &quot;auto&quot;</source>
        <translation>または &quot;auto&quot; を選んでください</translation>
    </message>
    <message>
        <source>[method] factors: %1 has %2 numbers, and cores = %3 needs as many (1 may be among them)</source>
        <translation>[method] factors: %1 には数が %2 個ありますが、cores = %3 には同じ数だけ必要です (1 を含めてもかまいません)</translation>
    </message>
    <message>
        <source>[adapter.start] a decomposition fills one left and one right factor</source>
        <translation>[adapter.start] 分解は左と右の因子を 1 つずつ満たします</translation>
    </message>
    <message>
        <source>choose the start kaiming or gaussian, or another model</source>
        <translation>初期化 kaiming か gaussian、または別のモデルを選んでください</translation>
    </message>
    <message>
        <source>[adapter.start] the start loftq gives back what nf4 took from %1, but its storage took nothing</source>
        <translation>[adapter.start] 初期化 loftq は nf4 が %1 から失ったものを戻しますが、この格納では何も失われていません</translation>
    </message>
    <message>
        <source>set [model] storage = &quot;nf4&quot;, or choose another start</source>
        <translation>[model] storage = &quot;nf4&quot; にするか、別の初期化を選んでください</translation>
    </message>
    <message>
        <source>[adapter.start] the start lq rounds what it leaves of %1 to nf4, but the storage rounds nothing</source>
        <translation>[adapter.start] 初期化 lq は %1 の残りを nf4 に丸めますが、この格納は何も丸めません</translation>
    </message>
    <message>
        <source>[adapter.start] this start fills one left and one right factor</source>
        <translation>[adapter.start] この初期化は左と右の因子を 1 つずつ満たします</translation>
    </message>
    <message>
        <source>[adapter.start] the inputs of %1 were not looked at</source>
        <translation>[adapter.start] %1 の入力がまだ調べられていません</translation>
    </message>
    <message>
        <source>choose the start mpo-random, or another model</source>
        <translation>初期化 mpo-random、または別のモデルを選んでください</translation>
    </message>
    <message>
        <source>%1: %2 of the %3 values of %4 are not finite (the first is number %5): the file is damaged, or its training went wrong</source>
        <translation>%1: %4 の値 %3 個のうち %2 個が有限ではありません (最初は %5 番目): ファイルが壊れているか、訓練が失敗しています</translation>
    </message>
    <message>
        <source>use another copy or an earlier checkpoint</source>
        <translation>別の写しか、以前のチェックポイントを使ってください</translation>
    </message>
    <message>
        <source>tensor %1 is not of the size that was announced</source>
        <translation>テンソル %1 の大きさが告げられたものと違います</translation>
    </message>
    <message>
        <source>[method] the %1 inputs of %2 cannot be cut into blocks of more than one: choose another block size or other targets</source>
        <translation>[method] %2 の入力 %1 個は 2 個以上のブロックに分けられません: 別のブロックの大きさか、別の対象を選んでください</translation>
    </message>
    <message>
        <source>[method] %1 = %2 does not divide the %3 inputs of %4</source>
        <translation>[method] %1 = %2 は %4 の入力 %3 個を割り切りません</translation>
    </message>
    <message>
        <source>unknown reason</source>
        <translation>理由は不明です</translation>
    </message>
    <message>
        <source>the training engine cannot be loaded: %1</source>
        <translation>訓練エンジンを読み込めません: %1</translation>
    </message>
    <message>
        <source>libweft_engine.so is of another version: build it again with ./run</source>
        <translation>libweft_engine.so のバージョンが違います: ./run でビルドし直してください</translation>
    </message>
    <message>
        <source>[model] path is empty: name a model</source>
        <translation>[model] path が空です: モデルを指定してください</translation>
    </message>
    <message>
        <source>[data] path is empty: name a data file</source>
        <translation>[data] path が空です: データファイルを指定してください</translation>
    </message>
    <message>
        <source>batch_tokens = %1: a batch has at least one token</source>
        <translation>batch_tokens = %1: バッチには少なくとも 1 トークンが必要です</translation>
    </message>
    <message>
        <source> --jinja --chat-template-file %1</source>
        <translation> --jinja --chat-template-file %1</translation>
    </message>
    <message>
        <source>the base is a Hugging Face folder: merge it, then convert that</source>
        <translation>ベースは Hugging Face フォルダーです: 統合してから変換してください</translation>
    </message>
    <message>
        <source>[generate] temperature = %1 is outside 0 to 100</source>
        <translation>[generate] temperature = %1 は 0 から 100 の範囲の外です</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token</source>
        <translation>0 では常に最も確からしいトークンを選びます</translation>
    </message>
    <message>
        <source>[generate] top-k = %1 is below 0</source>
        <translation>[generate] top-k = %1 は 0 未満です</translation>
    </message>
    <message>
        <source>0 takes all tokens</source>
        <translation>0 ではすべてのトークンを使います</translation>
    </message>
    <message>
        <source>[generate] top-p = %1 must be above 0 and at most 1</source>
        <translation>[generate] top-p = %1 は 0 より大きく 1 以下である必要があります</translation>
    </message>
    <message>
        <source>[generate] max-tokens = %1 is outside 1 to %2</source>
        <translation>[generate] max-tokens = %1 は 1 から %2 の範囲の外です</translation>
    </message>
    <message>
        <source>[generate] %1 alternatives: 0 to %2 can be told of a token</source>
        <translation>[generate] 候補 %1 個: 1 トークンにつき 0 から %2 個です</translation>
    </message>
    <message>
        <source>[generate] strength = %1 is outside 0 to %2</source>
        <translation>[generate] strength = %1 は 0 から %2 の範囲の外です</translation>
    </message>
    <message>
        <source>0 is the base alone, 1 the adapter as it was trained</source>
        <translation>0 はベースだけ、1 は訓練されたままのアダプターです</translation>
    </message>
    <message>
        <source>[generate] there is no prompt</source>
        <translation>[generate] プロンプトがありません</translation>
    </message>
    <message>
        <source>[generate] an adapter file needs its model: name that too</source>
        <translation>[generate] アダプターのファイルにはモデルが必要です: それも指定してください</translation>
    </message>
    <message>
        <source>[generate] template &quot;none&quot; goes on from one text, but there are %1 messages</source>
        <translation>[generate] テンプレート &quot;none&quot; は 1 つの文章の続きを書きますが、メッセージが %1 個あります</translation>
    </message>
    <message>
        <source>write STEP:key=value, such as 40:lr=1e-4</source>
        <translation>STEP:key=value と書いてください (例: 40:lr=1e-4)</translation>
    </message>
    <message>
        <source>keys are lr, steps, dropout, alpha, rank, freeze, spectra, activations and keep</source>
        <translation>キーは lr、steps、dropout、alpha、rank、freeze、spectra、activations、keep です</translation>
    </message>
    <message>
        <source>%1 = %2 is not a number</source>
        <translation>%1 = %2 は数値ではありません</translation>
    </message>
    <message>
        <source>%1 = %2 is not a whole number</source>
        <translation>%1 = %2 は整数ではありません</translation>
    </message>
    <message>
        <source>freeze = %1: it may be left, right or none</source>
        <translation>freeze = %1: left、right、none のいずれかです</translation>
    </message>
    <message>
        <source>there is nothing called %1 to change</source>
        <translation>変更できる %1 はありません</translation>
    </message>
    <message>
        <source>%1 names nothing after the dot</source>
        <translation>%1 は点の後に何も指していません</translation>
    </message>
    <message>
        <source>%1 stands twice in one edit: make two of them</source>
        <translation>%1 が 1 つの変更に 2 回あります: 2 つに分けてください</translation>
    </message>
    <message>
        <source>%1 decides by itself what of its factors is trained and how many ranks there are, so %2</source>
        <translation>%1 は訓練する因子とランクの数を自分で決めるため、%2</translation>
    </message>
    <message>
        <source>%1 has no pair of factors B A at each matrix, so %2</source>
        <translation>%1 には各行列の因子の対 B A がないため、%2</translation>
    </message>
    <message>
        <source>optimizer = &quot;%1&quot; works on the pairs of factors as they were at the start, so %2</source>
        <translation>optimizer = &quot;%1&quot; は開始時の因子の対に働くため、%2</translation>
    </message>
    <message>
        <source>%1: steps count from 1</source>
        <translation>%1: ステップは 1 から数えます</translation>
    </message>
    <message>
        <source>%1 is no edit: %2</source>
        <translation>%1 は変更の書き方ではありません: %2</translation>
    </message>
    <message>
        <source>an edit of a run cannot be read: %1</source>
        <translation>実行の変更を読めません: %1</translation>
    </message>
    <message>
        <source>%1 has planned what it does to its ranks over the steps it was started with, so their number stays</source>
        <translation>%1 は開始時のステップ数に合わせてランクの変化を計画しているので、その数は変わりません</translation>
    </message>
    <message>
        <source>%1 has no scale that alpha sets</source>
        <translation>%1 には alpha が決めるスケールがありません</translation>
    </message>
    <message>
        <source>%1 measures gradients by the scale it was started with, so alpha stays</source>
        <translation>%1 は開始時のスケールで勾配を測るため、alpha は変わりません</translation>
    </message>
    <message>
        <source>start = &quot;%1&quot; gives back what nf4 took from the weights, at the scale it was started with, so alpha stays</source>
        <translation>start = &quot;%1&quot; は nf4 が重みから失ったものを開始時のスケールで戻すため、alpha は変わりません</translation>
    </message>
    <message>
        <source>none can be taken away from outside</source>
        <translation>外から減らすことはできません</translation>
    </message>
    <message>
        <source>start = &quot;%1&quot; is taken off the weights, so the factors hold more than the update: ranks cannot be taken away</source>
        <translation>start = &quot;%1&quot; は重みから差し引かれるため、因子には更新以外も含まれます: ランクを減らすことはできません</translation>
    </message>
    <message>
        <source>no side of them can be frozen</source>
        <translation>どちらの側も固定できません</translation>
    </message>
    <message>
        <source>dropout.%1: places are key, attention, hidden, input, output and adapter</source>
        <translation>dropout.%1: 場所は key、attention、hidden、input、output、adapter です</translation>
    </message>
    <message>
        <source>an edit that changes nothing: %1</source>
        <translation>何も変えない変更です: %1</translation>
    </message>
    <message>
        <source>steps count from 1</source>
        <translation>ステップは 1 から数えます</translation>
    </message>
    <message>
        <source>steps = %1: the edit holds from step %2 on, so the run cannot end before it</source>
        <translation>steps = %1: 変更はステップ %2 から有効なので、その前に実行を終えることはできません</translation>
    </message>
    <message>
        <source>rank = %1: at least 1 must stay</source>
        <translation>rank = %1: 少なくとも 1 は残す必要があります</translation>
    </message>
    <message>
        <source>%1 must be %2, not %3</source>
        <translation>%1 は%3でなく、%2である必要があります</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>a finite number</source>
        <translation>有限の数値</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>%1 = %2 is outside %3 to %4</source>
        <translation>%1 = %2 は %3 から %4 の範囲の外です</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true または false</translation>
    </message>
    <message>
        <source>%1 = %2 is not one of %3</source>
        <translation>%1 = %2 は使えません。使えるのは %3 です</translation>
    </message>
    <message>
        <source>text or a list of texts</source>
        <translation>文字列または文字列のリスト</translation>
    </message>
    <message>
        <source>unknown setting type of %1</source>
        <translation>%1 の設定の型が不明です</translation>
    </message>
    <message>
        <source>[%1] must be a table of settings</source>
        <translation>[%1] は設定の表である必要があります</translation>
    </message>
    <message>
        <source>it knows %1</source>
        <translation>使えるのは %1 です</translation>
    </message>
    <message>
        <source>[samples] has %1 prompts</source>
        <translation>[samples] にプロンプトが %1 個あります</translation>
    </message>
    <message>
        <source>at most %1 are answered while training</source>
        <translation>訓練中に答えるのは最大 %1 個です</translation>
    </message>
    <message>
        <source>[samples] prompt %1 has %2 bytes</source>
        <translation>[samples] プロンプト %1 は %2 バイトです</translation>
    </message>
    <message>
        <source>at most %1 are taken</source>
        <translation>最大 %1 までです</translation>
    </message>
    <message>
        <source>[model] path is missing: name a GGUF file or a Hugging Face folder</source>
        <translation>[model] path がありません: GGUF ファイルか Hugging Face フォルダーを指定してください</translation>
    </message>
    <message>
        <source>[data] path is missing: name a JSONL, JSON, CSV, text or token file</source>
        <translation>[data] path がありません: JSONL、JSON、CSV、テキスト、またはトークンのファイルを指定してください</translation>
    </message>
    <message>
        <source>[train] steps and epochs are both 0: say how long to train</source>
        <translation>[train] steps と epochs が両方とも 0 です: 訓練の長さを指定してください</translation>
    </message>
    <message>
        <source>[data] holdout = 0</source>
        <translation>[data] holdout = 0</translation>
    </message>
    <message>
        <source>[train] patience = %1 waits for the loss on held-out rows to fall, but %2 turns evaluation off: set one of them</source>
        <translation>[train] patience = %1 は検証損失が下がるのを待ちますが、%2 で評価が止められています: どちらかを設定してください</translation>
    </message>
    <message>
        <source>[method] has settings but no name</source>
        <translation>[method] に設定はありますが、名前がありません</translation>
    </message>
    <message>
        <source>with --init-adapter leave [method] out or name the method</source>
        <translation>--init-adapter を使うときは [method] を省くか、手法の名前を指定してください</translation>
    </message>
    <message>
        <source>[method] name must be text</source>
        <translation>[method] name は文字列である必要があります</translation>
    </message>
    <message>
        <source>[method] start = &quot;%1&quot; gives back what nf4 takes from the weights: set [model] storage = &quot;nf4&quot;, or choose another start</source>
        <translation>[method] start = &quot;%1&quot; は nf4 が重みから失うものを戻します: [model] storage = &quot;nf4&quot; にするか、別の初期化を選んでください</translation>
    </message>
    <message>
        <source>[train] layers_at_first below 1 lets matrices rest, but %1 compares the gradients of all of them at every step</source>
        <translation>[train] layers_at_first が 1 未満だと休む行列がありますが、%1 は毎ステップすべての勾配を比べます</translation>
    </message>
    <message>
        <source>set it to 1</source>
        <translation>1 にしてください</translation>
    </message>
    <message>
        <source>[train] optimizer = &quot;%1&quot; changes B and A of a matrix together, and %2 does not train exactly those two</source>
        <translation>[train] optimizer = &quot;%1&quot; は行列の B と A を一緒に変えますが、%2 が訓練するのはちょうどその 2 つではありません</translation>
    </message>
    <message>
        <source>take &quot;adamw&quot;</source>
        <translation>&quot;adamw&quot; を使ってください</translation>
    </message>
    <message>
        <source>edit %1 names no step: write, for example, 40:%2</source>
        <translation>変更 %1 にステップがありません: たとえば 40:%2 と書いてください</translation>
    </message>
    <message>
        <source>a run&apos;s settings must be a JSON object</source>
        <translation>実行の設定は JSON オブジェクトである必要があります</translation>
    </message>
    <message>
        <source>did you mean [%1]?</source>
        <translation>[%1] ではありませんか?</translation>
    </message>
    <message>
        <source>unknown section [%1]%2</source>
        <translation>未知のセクション [%1]%2</translation>
    </message>
    <message>
        <source>free some space or choose another folder</source>
        <translation>空きを増やすか、別のフォルダーを選んでください</translation>
    </message>
    <message>
        <source>cannot open</source>
        <translation>開けません</translation>
    </message>
    <message>
        <source> is a folder, not a file</source>
        <translation> はファイルでなくフォルダーです</translation>
    </message>
    <message>
        <source> is not a regular file</source>
        <translation> は通常のファイルではありません</translation>
    </message>
    <message>
        <source>cannot open folder</source>
        <translation>フォルダーを開けません</translation>
    </message>
    <message>
        <source>%1 has %2 bytes</source>
        <translation>%1 は %2 バイトです</translation>
    </message>
    <message>
        <source>at most %1 are read</source>
        <translation>読めるのは最大 %1 です</translation>
    </message>
    <message>
        <source>cannot read</source>
        <translation>読めません</translation>
    </message>
    <message>
        <source>cannot map</source>
        <translation>メモリーに割り当てられません</translation>
    </message>
    <message>
        <source>cannot write</source>
        <translation>書き込めません</translation>
    </message>
    <message>
        <source>%1 already exists</source>
        <translation>%1 はすでにあります</translation>
    </message>
    <message>
        <source>choose another name or remove it first</source>
        <translation>別の名前を選ぶか、先に削除してください</translation>
    </message>
    <message>
        <source>cannot create folder</source>
        <translation>フォルダーを作れません</translation>
    </message>
    <message>
        <source>not valid JSON at line %1, column %2: %3</source>
        <translation>%1 行 %2 列で JSON として正しくありません: %3</translation>
    </message>
    <message>
        <source>JSON repeats the key &quot;%1&quot;</source>
        <translation>JSON にキー &quot;%1&quot; が 2 回あります</translation>
    </message>
    <message>
        <source>JSON is nested deeper than %1 levels</source>
        <translation>JSON の入れ子が %1 段を超えています</translation>
    </message>
    <message>
        <source>a NUL byte</source>
        <translation>NUL バイト</translation>
    </message>
    <message>
        <source>unknown processor</source>
        <translation>不明なプロセッサー</translation>
    </message>
    <message>
        <source>the data position %1 is not {epoch, cursor}</source>
        <translation>データの位置 %1 は {epoch, cursor} ではありません</translation>
    </message>
    <message>
        <source>the data position is row %1, but there are %2 rows: the data has changed since the checkpoint</source>
        <translation>データの位置は %1 行目ですが、行は %2 個です: チェックポイントの後にデータが変わりました</translation>
    </message>
    <message>
        <source>the template rewrites the answer in turn %1, so which tokens are the answer cannot be told</source>
        <translation>テンプレートがターン %1 の答えを書き換えるため、どのトークンが答えかわかりません</translation>
    </message>
    <message>
        <source>use another template or train_on = &quot;all&quot;</source>
        <translation>別のテンプレートか train_on = &quot;all&quot; を使ってください</translation>
    </message>
    <message>
        <source>line %1: a quote opened in this row is never closed</source>
        <translation>%1 行目: この行で開いた引用符が閉じられていません</translation>
    </message>
    <message>
        <source>text follows a closing quote</source>
        <translation>閉じる引用符の後に文字があります</translation>
    </message>
    <message>
        <source>has more than %1 fields</source>
        <translation>欄が %1 個を超えています</translation>
    </message>
    <message>
        <source>the row has %1</source>
        <translation>行には %1 個あります</translation>
    </message>
    <message>
        <source>not UTF-8 at byte %1 of the row</source>
        <translation>行の %1 バイト目が UTF-8 ではありません</translation>
    </message>
    <message>
        <source>the header line is missing</source>
        <translation>見出し行がありません</translation>
    </message>
    <message>
        <source>line 1, the header: %1</source>
        <translation>1 行目、見出し: %1</translation>
    </message>
    <message>
        <source>line 1: the header names the column %1 twice</source>
        <translation>1 行目: 見出しに列 %1 が 2 回あります</translation>
    </message>
    <message>
        <source>has %1 fields</source>
        <translation>欄が %1 個あります</translation>
    </message>
    <message>
        <source>the header has %1</source>
        <translation>見出しは %1 個です</translation>
    </message>
    <message>
        <source>a Parquet file</source>
        <translation>Parquet ファイル</translation>
    </message>
    <message>
        <source>convert it to JSONL or CSV</source>
        <translation>JSONL か CSV に変換してください</translation>
    </message>
    <message>
        <source>an Arrow file</source>
        <translation>Arrow ファイル</translation>
    </message>
    <message>
        <source>compressed with gzip</source>
        <translation>gzip で圧縮</translation>
    </message>
    <message>
        <source>unpack it first</source>
        <translation>先に展開してください</translation>
    </message>
    <message>
        <source>a zip archive</source>
        <translation>zip アーカイブ</translation>
    </message>
    <message>
        <source>compressed with Zstandard</source>
        <translation>Zstandard で圧縮</translation>
    </message>
    <message>
        <source>compressed with bzip2</source>
        <translation>bzip2 で圧縮</translation>
    </message>
    <message>
        <source>compressed with xz</source>
        <translation>xz で圧縮</translation>
    </message>
    <message>
        <source>a GGUF model</source>
        <translation>GGUF モデル</translation>
    </message>
    <message>
        <source>name it as the model and choose a data file here</source>
        <translation>それはモデルとして指定し、ここではデータファイルを選んでください</translation>
    </message>
    <message>
        <source>an SQLite database</source>
        <translation>SQLite データベース</translation>
    </message>
    <message>
        <source>export the rows as JSONL or CSV</source>
        <translation>行を JSONL か CSV で書き出してください</translation>
    </message>
    <message>
        <source>UTF-16 text</source>
        <translation>UTF-16 のテキスト</translation>
    </message>
    <message>
        <source>save it as UTF-8</source>
        <translation>UTF-8 で保存してください</translation>
    </message>
    <message>
        <source>plain text</source>
        <translation>プレーンテキスト</translation>
    </message>
    <message>
        <source>%1 is a Parquet file, which this version does not read</source>
        <translation>%1 は Parquet ファイルで、このバージョンでは読めません</translation>
    </message>
    <message>
        <source>%1 is empty: no row to train on</source>
        <translation>%1 は空です: 訓練する行がありません</translation>
    </message>
    <message>
        <source>%1 is %2, which is not read as data</source>
        <translation>%1 は%2で、データとしては読めません</translation>
    </message>
    <message>
        <source>%1 is a binary file (it holds zero bytes)</source>
        <translation>%1 はバイナリファイルです (ゼロのバイトを含みます)</translation>
    </message>
    <message>
        <source>data is JSONL, JSON, CSV or plain text in UTF-8</source>
        <translation>データは UTF-8 の JSONL、JSON、CSV、プレーンテキストです</translation>
    </message>
    <message>
        <source>from its ending %1</source>
        <translation>拡張子 %1 から</translation>
    </message>
    <message>
        <source>as asked</source>
        <translation>指定どおり</translation>
    </message>
    <message>
        <source>it has no ending</source>
        <translation>拡張子がありません</translation>
    </message>
    <message>
        <source>from its first character</source>
        <translation>最初の文字から</translation>
    </message>
    <message>
        <source>%1 is plain text and has no columns, so format = &quot;%2&quot; does not fit</source>
        <translation>%1 はプレーンテキストで列がないため、format = &quot;%2&quot; は合いません</translation>
    </message>
    <message>
        <source>use &quot;text&quot; or &quot;auto&quot;</source>
        <translation>&quot;text&quot; か &quot;auto&quot; を使ってください</translation>
    </message>
    <message>
        <source>%1: the ending %2 says nothing about the rows</source>
        <translation>%1: 拡張子 %2 からは行の形がわかりません</translation>
    </message>
    <message>
        <source>known are .jsonl, .json, .csv, .tsv and .txt, or set [data] format = &quot;text&quot;</source>
        <translation>使えるのは .jsonl、.json、.csv、.tsv、.txt です。または [data] format = &quot;text&quot; にしてください</translation>
    </message>
    <message>
        <source>the model has no tokenizer: token ids are not checked and not shown as text</source>
        <translation>モデルにトークナイザーがありません: トークン ID は検査されず、文字列としても表示されません</translation>
    </message>
    <message>
        <source>plain text (%1), one stream cut into rows of %2 tokens</source>
        <translation>プレーンテキスト (%1)、1 本の流れを %2 トークンの行に切ります</translation>
    </message>
    <message>
        <source>plain text is one stream without rows of its own</source>
        <translation>プレーンテキストは 1 本の流れで、固有の行がありません</translation>
    </message>
    <message>
        <source>not UTF-8 at byte %1 of the line</source>
        <translation>行の %1 バイト目が UTF-8 ではありません</translation>
    </message>
    <message>
        <source>holds no row</source>
        <translation>行がありません</translation>
    </message>
    <message>
        <source>the look at the data was ended</source>
        <translation>データの確認が終了されました</translation>
    </message>
    <message>
        <source>no row can be read</source>
        <translation>読める行がありません</translation>
    </message>
    <message>
        <source>there is one row only: nothing is held out</source>
        <translation>行が 1 つしかありません: 検証用に取り分けません</translation>
    </message>
    <message>
        <source>only the first %1 of %2 were looked at: the figures are theirs</source>
        <translation>%2 のうち最初の %1 だけを見ました: 数値はその範囲のものです</translation>
    </message>
    <message>
        <source>%1 of %2 held-out rows are also trained: the hold-out loss flatters</source>
        <translation>検証用の %2 行のうち %1 行は訓練にもあります: 検証損失が実際より良く見えます</translation>
    </message>
    <message>
        <source>%1 rows say what an earlier one says</source>
        <translation>%1 行は前の行と同じ内容です</translation>
    </message>
    <message>
        <source>the section [data] is not declared</source>
        <translation>セクション [data] が宣言されていません</translation>
    </message>
    <message>
        <source>the file ends where a value should be</source>
        <translation>値があるべき所でファイルが終わっています</translation>
    </message>
    <message>
        <source>a string is never closed</source>
        <translation>閉じられていない文字列があります</translation>
    </message>
    <message>
        <source>is nested deeper than %1 levels</source>
        <translation>入れ子が %1 段を超えています</translation>
    </message>
    <message>
        <source>an unexpected &apos;%1&apos;</source>
        <translation>予期しない &apos;%1&apos;</translation>
    </message>
    <message>
        <source>a &apos;,&apos; where a value should be</source>
        <translation>値があるべき所に &apos;,&apos; があります</translation>
    </message>
    <message>
        <source>a &apos;%1&apos; is never closed</source>
        <translation>閉じられていない &apos;%1&apos; があります</translation>
    </message>
    <message>
        <source>[data] template</source>
        <translation>[data] template</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>モデル自身のもの</translation>
    </message>
    <message>
        <source>the rows are conversations, but the model has no chat template</source>
        <translation>行は会話ですが、モデルにチャットテンプレートがありません</translation>
    </message>
    <message>
        <source>set [data] template to chatml, alpaca, plain or a template file</source>
        <translation>[data] template を chatml、alpaca、plain、またはテンプレートのファイルにしてください</translation>
    </message>
    <message>
        <source>the model has no chat template: prompt and answer are joined as plain text (template = &quot;plain&quot;)</source>
        <translation>モデルにチャットテンプレートがありません: プロンプトと答えは普通の文章としてつながれます (template = &quot;plain&quot;)</translation>
    </message>
    <message>
        <source> and %1 more</source>
        <translation> 他 %1 個</translation>
    </message>
    <message>
        <source>instruction, instances</source>
        <translation>instruction と instances</translation>
    </message>
    <message>
        <source>format = &quot;%1&quot; reads no %2</source>
        <translation>format = &quot;%1&quot; は %2 を読みません</translation>
    </message>
    <message>
        <source>leave one of them out</source>
        <translation>どちらかを省いてください</translation>
    </message>
    <message>
        <source>prompt and answer, messages and text are three ways to read a row: name the columns of one of them</source>
        <translation>プロンプトと答え、messages、text は行の 3 通りの読み方です: そのうち 1 つの列を指定してください</translation>
    </message>
    <message>
        <source>%1 = %2: there is no such column</source>
        <translation>%1 = %2: そのような列はありません</translation>
    </message>
    <message>
        <source>the columns found are %1</source>
        <translation>見つかった列は %1 です</translation>
    </message>
    <message>
        <source>messages_column = %1 holds no list of messages</source>
        <translation>messages_column = %1 にメッセージのリストがありません</translation>
    </message>
    <message>
        <source>prompt_column is missing: name the column with the question</source>
        <translation>prompt_column がありません: 質問の列を指定してください</translation>
    </message>
    <message>
        <source>answer_column is missing: name the column with the answer</source>
        <translation>answer_column がありません: 答えの列を指定してください</translation>
    </message>
    <message>
        <source>prompt, input and answer must be different columns</source>
        <translation>プロンプト、入力、答えは別々の列である必要があります</translation>
    </message>
    <message>
        <source>a column input_ids with a list of numbers</source>
        <translation>数値のリストをもつ列 input_ids</translation>
    </message>
    <message>
        <source>a column messages with a list of {role, content}</source>
        <translation>{role, content} のリストをもつ列 messages</translation>
    </message>
    <message>
        <source>a column conversations with a list of {from, value}</source>
        <translation>{from, value} のリストをもつ列 conversations</translation>
    </message>
    <message>
        <source>the columns instruction and output</source>
        <translation>列 instruction と output</translation>
    </message>
    <message>
        <source>a pair of columns such as prompt and completion, or question and answer</source>
        <translation>prompt と completion、question と answer のような列の対</translation>
    </message>
    <message>
        <source>a column text</source>
        <translation>列 text</translation>
    </message>
    <message>
        <source>column %1 holds a %2, not text</source>
        <translation>列 %1 は文字列でなく%2です</translation>
    </message>
    <message>
        <source>%1 is not a list</source>
        <translation>%1 はリストではありません</translation>
    </message>
    <message>
        <source>%1 holds %2, which is no token id</source>
        <translation>%1 にトークン ID でない %2 があります</translation>
    </message>
    <message>
        <source>has no column &quot;input_ids&quot;</source>
        <translation>列 &quot;input_ids&quot; がありません</translation>
    </message>
    <message>
        <source>has %1 input_ids but %2 labels</source>
        <translation>input_ids は %1 個ですが labels は %2 個です</translation>
    </message>
    <message>
        <source>history is not a list of [question, answer]</source>
        <translation>history が [質問, 答え] のリストではありません</translation>
    </message>
    <message>
        <source>has no column %1</source>
        <translation>列 %1 がありません</translation>
    </message>
    <message>
        <source>the column %1 is empty</source>
        <translation>列 %1 が空です</translation>
    </message>
    <message>
        <source>the row is a %1, not an object with columns</source>
        <translation>行は列をもつオブジェクトでなく%1です</translation>
    </message>
    <message>
        <source>no row with columns was found</source>
        <translation>列のある行が見つかりません</translation>
    </message>
    <message>
        <source>format = &quot;%1&quot; needs %2</source>
        <translation>format = &quot;%1&quot; には %2 が必要です</translation>
    </message>
    <message>
        <source>no known format: %1</source>
        <translation>既知の形式ではありません: %1</translation>
    </message>
    <message>
        <source>name the one with the question and the one with the answer (prompt_column, answer_column), or rename them to instruction and output, prompt and completion, messages, or text</source>
        <translation>質問の列と答えの列を指定するか (prompt_column、answer_column)、instruction と output、prompt と completion、messages、text のいずれかに名前を変えてください</translation>
    </message>
    <message>
        <source>the column tools is not rendered: the template gets the messages alone</source>
        <translation>列 tools は使われません: テンプレートに渡すのはメッセージだけです</translation>
    </message>
    <message>
        <source>has no list %1</source>
        <translation>リスト %1 がありません</translation>
    </message>
    <message>
        <source>%1 holds something other than objects</source>
        <translation>%1 にオブジェクト以外のものがあります</translation>
    </message>
    <message>
        <source>%1 is empty</source>
        <translation>%1 が空です</translation>
    </message>
    <message>
        <source>not valid JSON: %1</source>
        <translation>JSON として正しくありません: %1</translation>
    </message>
    <message>
        <source>an object has %1 keys</source>
        <translation>オブジェクトのキーが %1 個あります</translation>
    </message>
    <message>
        <source>the array is never closed</source>
        <translation>配列が閉じられていません</translation>
    </message>
    <message>
        <source>a &apos;,&apos; or &apos;]&apos; is missing</source>
        <translation>&apos;,&apos; か &apos;]&apos; がありません</translation>
    </message>
    <message>
        <source>record %1, from line %2: %3</source>
        <translation>%2 行目からのレコード %1: %3</translation>
    </message>
    <message>
        <source>a &apos;:&apos; is missing after %1</source>
        <translation>%1 の後に &apos;:&apos; がありません</translation>
    </message>
    <message>
        <source>not valid JSON at line %1: %2</source>
        <translation>%1 行目が JSON として正しくありません: %2</translation>
    </message>
    <message>
        <source>something follows the end of the document</source>
        <translation>文書の終わりの後に何かがあります</translation>
    </message>
    <message>
        <source>the JSON document is a single value</source>
        <translation>JSON 文書が 1 つの値だけです</translation>
    </message>
    <message>
        <source>rows are an array of objects or one object a line</source>
        <translation>行は、オブジェクトの配列か、1 行に 1 つのオブジェクトです</translation>
    </message>
    <message>
        <source>plain text has no rows to read one by one</source>
        <translation>プレーンテキストには 1 つずつ読む行がありません</translation>
    </message>
    <message>
        <source>only the first %1 rows were compared</source>
        <translation>比べたのは最初の %1 行だけです</translation>
    </message>
    <message>
        <source>token id </source>
        <translation>トークン ID </translation>
    </message>
    <message>
        <source> is negative</source>
        <translation> は負です</translation>
    </message>
    <message>
        <source> is outside the vocabulary of %1</source>
        <translation> は %1 語の語彙の外です</translation>
    </message>
    <message>
        <source>%1 at position %2</source>
        <translation>位置 %2 で %1</translation>
    </message>
    <message>
        <source>the row has no token</source>
        <translation>行にトークンがありません</translation>
    </message>
    <message>
        <source>no token of the row is trained (%1 tokens, all masked)</source>
        <translation>行に訓練されるトークンがありません (%1 トークン、すべてマスク)</translation>
    </message>
    <message>
        <source>all %1 trained tokens lie beyond the cut at max_length = %2 (the row has %3 tokens)</source>
        <translation>訓練されるトークン %1 個すべてが max_length = %2 で切られる先にあります (行は %3 トークン)</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>読まれていません</translation>
    </message>
    <message>
        <source>%1 gives no row of two tokens or more</source>
        <translation>%1 には 2 トークン以上の行がありません</translation>
    </message>
    <message>
        <source>nothing can be trained</source>
        <translation>訓練できるものがありません</translation>
    </message>
    <message>
        <source>%1: no token is trained: all %2 rows are rejected</source>
        <translation>%1: 訓練されるトークンがありません: %2 行すべてが使えません</translation>
    </message>
    <message>
        <source>%1 of %2 rows are rejected</source>
        <translation>%2 行のうち %1 行が使えません</translation>
    </message>
    <message>
        <source>only the first %1 rejected rows are listed</source>
        <translation>一覧にあるのは、使えない行の最初の %1 行だけです</translation>
    </message>
    <message>
        <source>%1 of the rows are cut at %2 tokens</source>
        <translation>行のうち %1 が %2 トークンで切られています</translation>
    </message>
    <message>
        <source>a higher max_length keeps their ends</source>
        <translation>max_length を上げると終わりまで残ります</translation>
    </message>
    <message>
        <source>in %1 rows the template rewrites earlier turns</source>
        <translation>%1 行でテンプレートが前のターンを書き換えます</translation>
    </message>
    <message>
        <source>the answers were found by their text</source>
        <translation>答えは文字列で探しました</translation>
    </message>
    <message>
        <source>content is a %1, not text</source>
        <translation>content が文字列でなく%1です</translation>
    </message>
    <message>
        <source>a part of the content is not an object</source>
        <translation>content の一部がオブジェクトではありません</translation>
    </message>
    <message>
        <source>content has a part of type %1</source>
        <translation>content に型 %1 の部分があります</translation>
    </message>
    <message>
        <source>only text is trained</source>
        <translation>訓練するのは文字列だけです</translation>
    </message>
    <message>
        <source>a text part of the content has no text</source>
        <translation>content の文字列の部分に文字列がありません</translation>
    </message>
    <message>
        <source>%1 is neither a number nor true or false</source>
        <translation>%1 は数値でも true や false でもありません</translation>
    </message>
    <message>
        <source>is not an object</source>
        <translation>オブジェクトではありません</translation>
    </message>
    <message>
        <source>has no role</source>
        <translation>role がありません</translation>
    </message>
    <message>
        <source>has no content</source>
        <translation>content がありません</translation>
    </message>
    <message>
        <source>the conversation is not a list of turns</source>
        <translation>会話がターンのリストではありません</translation>
    </message>
    <message>
        <source>has %1 turns</source>
        <translation>ターンが %1 個あります</translation>
    </message>
    <message>
        <source>the conversation has no turn</source>
        <translation>会話にターンがありません</translation>
    </message>
    <message>
        <source>the conversation has no assistant turn</source>
        <translation>会話に答えのターンがありません</translation>
    </message>
    <message>
        <source>the answer is empty</source>
        <translation>答えが空です</translation>
    </message>
    <message>
        <source>array of %1 %2</source>
        <translation>%1 %2 個の配列</translation>
    </message>
    <message>
        <source>the file ends inside %1 (at byte %2 of %3)</source>
        <translation>ファイルが%1の途中で終わっています (%3 バイトの %2 バイト目)</translation>
    </message>
    <message>
        <source>it is cut off or damaged, download it again</source>
        <translation>切れているか壊れています。ダウンロードし直してください</translation>
    </message>
    <message>
        <source>not a GGUF file: it starts with %1</source>
        <translation>GGUF ファイルではありません: 先頭が %1 です</translation>
    </message>
    <message>
        <source>the version</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>a big-endian GGUF file</source>
        <translation>ビッグエンディアンの GGUF ファイルです</translation>
    </message>
    <message>
        <source>convert it to little-endian (gguf_convert_endian.py)</source>
        <translation>リトルエンディアンに変換してください (gguf_convert_endian.py)</translation>
    </message>
    <message>
        <source>GGUF version %1</source>
        <translation>GGUF バージョン %1</translation>
    </message>
    <message>
        <source>versions 2 and 3 are read</source>
        <translation>読めるのはバージョン 2 と 3 です</translation>
    </message>
    <message>
        <source>the counts</source>
        <translation>個数</translation>
    </message>
    <message>
        <source>it claims %1 metadata keys in %2 bytes</source>
        <translation>%2 バイトの中にメタデータのキーが %1 個あると書かれています</translation>
    </message>
    <message>
        <source>it claims %1 tensors in %2 bytes</source>
        <translation>%2 バイトの中にテンソルが %1 個あると書かれています</translation>
    </message>
    <message>
        <source>metadata key %1 of %2</source>
        <translation>メタデータのキー %1 / %2</translation>
    </message>
    <message>
        <source>%1 has a name of %2 bytes</source>
        <translation>%1 の名前が %2 バイトあります</translation>
    </message>
    <message>
        <source>the metadata key %1 appears twice</source>
        <translation>メタデータのキー %1 が 2 回あります</translation>
    </message>
    <message>
        <source>the type of %1</source>
        <translation>%1 の型</translation>
    </message>
    <message>
        <source>the metadata key %1 has the unknown type %2</source>
        <translation>メタデータのキー %1 の型 %2 は未知です</translation>
    </message>
    <message>
        <source>the text of %1</source>
        <translation>%1 の文字列</translation>
    </message>
    <message>
        <source>the metadata key %1 is an array of arrays, which no model uses</source>
        <translation>メタデータのキー %1 は配列の配列で、これを使うモデルはありません</translation>
    </message>
    <message>
        <source>the length of %1</source>
        <translation>%1 の長さ</translation>
    </message>
    <message>
        <source>the metadata key %1 claims %2 elements, but %3 bytes are left in the file</source>
        <translation>メタデータのキー %1 は %2 要素とありますが、ファイルの残りは %3 バイトです</translation>
    </message>
    <message>
        <source>the metadata key %1 holds a bool that is neither 0 nor 1</source>
        <translation>メタデータのキー %1 の真偽値が 0 でも 1 でもありません</translation>
    </message>
    <message>
        <source>the metadata key %1 claims %2 texts, but %3 bytes are left in the file</source>
        <translation>メタデータのキー %1 は文字列 %2 個とありますが、ファイルの残りは %3 バイトです</translation>
    </message>
    <message>
        <source>text %1 of %2</source>
        <translation>文字列 %1 / %2</translation>
    </message>
    <message>
        <source>general.alignment must be a power of two, but it is %1</source>
        <translation>general.alignment は 2 のべき乗である必要がありますが、%1 です</translation>
    </message>
    <message>
        <source>tensor %1 of %2</source>
        <translation>テンソル %1 / %2</translation>
    </message>
    <message>
        <source>1 to 64 are allowed</source>
        <translation>使えるのは 1 から 64 です</translation>
    </message>
    <message>
        <source>%1 appears twice</source>
        <translation>%1 が 2 回あります</translation>
    </message>
    <message>
        <source>%1 has %2 dimensions</source>
        <translation>%1 は %2 次元です</translation>
    </message>
    <message>
        <source>1 to 4 are allowed</source>
        <translation>使えるのは 1 から 4 です</translation>
    </message>
    <message>
        <source>%1 has an impossible dimension of %2</source>
        <translation>%1 の次元 %2 はありえません</translation>
    </message>
    <message>
        <source>%1 starts at %2, which is no multiple of the alignment %3</source>
        <translation>%1 の始まり %2 は境界 %3 の倍数ではありません</translation>
    </message>
    <message>
        <source>%1 has the type number %2, which this version does not know</source>
        <translation>%1 の型番号 %2 はこのバージョンでは未知です</translation>
    </message>
    <message>
        <source>%1 has rows of %2 elements, but %3 stores blocks of %4</source>
        <translation>%1 の行は %2 要素ですが、%3 は %4 個ずつのブロックで格納します</translation>
    </message>
    <message>
        <source>%1 is impossibly large</source>
        <translation>%1 はありえないほど大きいです</translation>
    </message>
    <message>
        <source>tensor %1 needs %2 bytes at %3, but the file holds %4 bytes of data</source>
        <translation>テンソル %1 には %3 から %2 バイト必要ですが、ファイルのデータは %4 バイトです</translation>
    </message>
    <message>
        <source>the tensors %1 and %2 overlap</source>
        <translation>テンソル %1 と %2 が重なっています</translation>
    </message>
    <message>
        <source>%1 has no metadata key %2</source>
        <translation>%1 にメタデータのキー %2 がありません</translation>
    </message>
    <message>
        <source>%1: metadata key %2 should be an array of %3, but is %4</source>
        <translation>%1: メタデータのキー %2 は %3 の配列のはずですが、%4 です</translation>
    </message>
    <message>
        <source>the metadata key %1 is missing</source>
        <translation>メタデータのキー %1 がありません</translation>
    </message>
    <message>
        <source>the metadata key %1 should be %2, but is %3</source>
        <translation>メタデータのキー %1 は%2のはずですが、%3です</translation>
    </message>
    <message>
        <source>rope_freqs.weight is %1 %2, but F32 [%3] is needed</source>
        <translation>rope_freqs.weight は %1 %2 ですが、F32 [%3] が必要です</translation>
    </message>
    <message>
        <source>its rotary frequencies (rope_freqs.weight) do not follow the formula of Llama 3</source>
        <translation>回転の周波数 (rope_freqs.weight) が Llama 3 の式と合いません</translation>
    </message>
    <message>
        <source>they cannot be honoured</source>
        <translation>そのとおりには扱えません</translation>
    </message>
    <message>
        <source>it is a GGUF file of type %1, not a model</source>
        <translation>%1 という種類の GGUF ファイルで、モデルではありません</translation>
    </message>
    <message>
        <source>the architecture %1 cannot be trained yet</source>
        <translation>アーキテクチャ %1 はまだ訓練できません</translation>
    </message>
    <message>
        <source>supported are %1</source>
        <translation>使えるのは %1 です</translation>
    </message>
    <message>
        <source>it holds a tokenizer but no weights (a vocabulary-only file)</source>
        <translation>トークナイザーはありますが、重みがありません (語彙だけのファイル)</translation>
    </message>
    <message>
        <source>it is a mixture of %1 experts, which is not supported</source>
        <translation>専門家 %1 個の混合モデルで、対応していません</translation>
    </message>
    <message>
        <source>its values have another size than its keys (%1 and %2), which is not supported</source>
        <translation>値とキーの大きさが違い (%1 と %2)、対応していません</translation>
    </message>
    <message>
        <source>it rotates %1 of %2 elements of each head, which is not supported</source>
        <translation>各ヘッドの %2 要素のうち %1 個を回転させるもので、対応していません</translation>
    </message>
    <message>
        <source>the sliding window has %1 tokens</source>
        <translation>スライディングウィンドウは %1 トークンです</translation>
    </message>
    <message>
        <source>it slides in some of its layers and the file does not say in which</source>
        <translation>一部の層だけにスライディングウィンドウがあり、どの層かがファイルに書かれていません</translation>
    </message>
    <message>
        <source>%1: the metadata key general.architecture is missing</source>
        <translation>%1: メタデータのキー general.architecture がありません</translation>
    </message>
    <message>
        <source>this file holds no model</source>
        <translation>このファイルにモデルはありません</translation>
    </message>
    <message>
        <source>a %1 model has no known GGUF names</source>
        <translation>%1 のモデルには既知の GGUF 名がありません</translation>
    </message>
    <message>
        <source>known are %1</source>
        <translation>既知のものは %1 です</translation>
    </message>
    <message>
        <source>GGUF files of %1 have no place for %2</source>
        <translation>%1 の GGUF ファイルに %2 の場所はありません</translation>
    </message>
    <message>
        <source>[export] the GGUF tensor %1 cannot be stored as %2</source>
        <translation>[export] GGUF テンソル %1 は %2 として格納できません</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文字列</translation>
    </message>
    <message>
        <source>%1 should be %2, but is %3</source>
        <translation>%1 は%2のはずですが、%3です</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 がありません</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>オブジェクト</translation>
    </message>
    <message>
        <source>its layers use different rotary embeddings (rope_parameters per layer type), which is not supported</source>
        <translation>層ごとに違う回転埋め込み (層の種類ごとの rope_parameters) を使い、対応していません</translation>
    </message>
    <message>
        <source>it rotates only a part of each head (partial_rotary_factor), which is not supported</source>
        <translation>各ヘッドの一部だけを回転させるもので (partial_rotary_factor)、対応していません</translation>
    </message>
    <message>
        <source>rope factor must be above 0</source>
        <translation>rope factor は 0 より大きい必要があります</translation>
    </message>
    <message>
        <source>rope high_freq_factor must be above low_freq_factor</source>
        <translation>rope high_freq_factor は low_freq_factor より大きい必要があります</translation>
    </message>
    <message>
        <source>sliding_window must not be negative</source>
        <translation>sliding_window は負であってはなりません</translation>
    </message>
    <message>
        <source>a list with an entry per layer</source>
        <translation>層ごとに 1 項目のリスト</translation>
    </message>
    <message>
        <source>made of sliding_attention and full_attention</source>
        <translation>sliding_attention と full_attention からなるもの</translation>
    </message>
    <message>
        <source>it is a %1</source>
        <translation>これは %1 です</translation>
    </message>
    <message>
        <source>of this family only %1 can be trained</source>
        <translation>この系統で訓練できるのは %1 だけです</translation>
    </message>
    <message>
        <source>its weights are quantised by %1, which cannot be decoded</source>
        <translation>重みが %1 で量子化されていて、復号できません</translation>
    </message>
    <message>
        <source>use the original checkpoint or a GGUF file</source>
        <translation>元のチェックポイントか GGUF ファイルを使ってください</translation>
    </message>
    <message>
        <source>the activation %1 is not supported by %2</source>
        <translation>活性化関数 %1 は %2 では使えません</translation>
    </message>
    <message>
        <source>config.json does not hold an object</source>
        <translation>config.json がオブジェクトではありません</translation>
    </message>
    <message>
        <source>model.safetensors.index.json has no weight_map</source>
        <translation>model.safetensors.index.json に weight_map がありません</translation>
    </message>
    <message>
        <source>model.safetensors.index.json puts %1 into %2, which is not the name of a safetensors file in the folder</source>
        <translation>model.safetensors.index.json は %1 を %2 に置きますが、これはフォルダーにある safetensors ファイルの名前ではありません</translation>
    </message>
    <message>
        <source>model.safetensors.index.json names over %1 files</source>
        <translation>model.safetensors.index.json に %1 個を超えるファイルがあります</translation>
    </message>
    <message>
        <source>the file %1, named by model.safetensors.index.json, is missing</source>
        <translation>model.safetensors.index.json にあるファイル %1 がありません</translation>
    </message>
    <message>
        <source>the download is incomplete</source>
        <translation>ダウンロードが途中です</translation>
    </message>
    <message>
        <source>%1 does not hold %2, which the index puts there</source>
        <translation>%1 に、索引にある %2 がありません</translation>
    </message>
    <message>
        <source>its weights are in pytorch_model.bin, which could run programs when read</source>
        <translation>重みが pytorch_model.bin にあり、読むとプログラムが動くおそれがあります</translation>
    </message>
    <message>
        <source>save it again as safetensors</source>
        <translation>safetensors で保存し直してください</translation>
    </message>
    <message>
        <source>there is neither model.safetensors nor model.safetensors.index.json</source>
        <translation>model.safetensors も model.safetensors.index.json もありません</translation>
    </message>
    <message>
        <source>this folder holds a PEFT adapter, not a model</source>
        <translation>このフォルダーは PEFT アダプターで、モデルではありません</translation>
    </message>
    <message>
        <source>give its base model</source>
        <translation>ベースモデルを指定してください</translation>
    </message>
    <message>
        <source>config.json is missing</source>
        <translation>config.json がありません</translation>
    </message>
    <message>
        <source>a model is a GGUF file or a folder with config.json and safetensors files</source>
        <translation>モデルは、GGUF ファイルか、config.json と safetensors ファイルのあるフォルダーです</translation>
    </message>
    <message>
        <source>Hugging Face folder</source>
        <translation>Hugging Face フォルダー</translation>
    </message>
    <message>
        <source>byte-level BPE (%1)</source>
        <translation>バイト単位の BPE (%1)</translation>
    </message>
    <message>
        <source>its rotary embedding is scaled by %1</source>
        <translation>回転埋め込みのスケールが %1 です</translation>
    </message>
    <message>
        <source>default, linear and llama3 are supported</source>
        <translation>使えるのは default、linear、llama3 です</translation>
    </message>
    <message>
        <source>tensor %1 has the shape %2, but a %3 model of this configuration needs %4</source>
        <translation>テンソル %1 の形は %2 ですが、この構成の %3 モデルに必要なのは %4 です</translation>
    </message>
    <message>
        <source>feed-forward width</source>
        <translation>フィードフォワードの幅</translation>
    </message>
    <message>
        <source>key/value heads</source>
        <translation>キー/値のヘッド</translation>
    </message>
    <message>
        <source>head size</source>
        <translation>ヘッドの大きさ</translation>
    </message>
    <message>
        <source>the configuration gives %1 for the %2</source>
        <translation>構成では %2 が %1 です</translation>
    </message>
    <message>
        <source>the configuration has %1 heads, which %2 key/value heads do not divide</source>
        <translation>構成のヘッドは %1 個で、キー/値のヘッド %2 個で割り切れません</translation>
    </message>
    <message>
        <source>the configuration has heads of %1 elements</source>
        <translation>構成のヘッドは %1 要素です</translation>
    </message>
    <message>
        <source>rotary embedding needs an even number</source>
        <translation>回転埋め込みには偶数が必要です</translation>
    </message>
    <message>
        <source>the configuration has a norm epsilon of %1 and a rotary base of %2</source>
        <translation>構成の正規化の epsilon は %1、回転の底は %2 です</translation>
    </message>
    <message>
        <source>the configuration has %1 layers, but the file holds only %2 tensors</source>
        <translation>構成は %1 層ですが、ファイルのテンソルは %2 個だけです</translation>
    </message>
    <message>
        <source>tensor %1 has no place in a %2 model of this configuration</source>
        <translation>テンソル %1 は、この構成の %2 モデルに場所がありません</translation>
    </message>
    <message>
        <source>training without it would not be this model</source>
        <translation>それなしで訓練すると、このモデルではなくなります</translation>
    </message>
    <message>
        <source>tensor %1 is stored as %2, which cannot be decoded</source>
        <translation>テンソル %1 の格納形式 %2 は復号できません</translation>
    </message>
    <message>
        <source>use a file in F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K</source>
        <translation>F32、F16、BF16、Q8_0、Q4_0、Q4_1、Q5_0、Q5_1、Q4_K、Q5_K、Q6_K のファイルを使ってください</translation>
    </message>
    <message>
        <source>tensor %1 is missing</source>
        <translation>テンソル %1 がありません</translation>
    </message>
    <message>
        <source>the model is incomplete</source>
        <translation>モデルが不完全です</translation>
    </message>
    <message>
        <source>%1 is a part of a model</source>
        <translation>%1 はモデルの一部です</translation>
    </message>
    <message>
        <source>give the folder that holds it</source>
        <translation>それがあるフォルダーを指定してください</translation>
    </message>
    <message>
        <source>tensor %1 has %2 rows</source>
        <translation>テンソル %1 は %2 行です</translation>
    </message>
    <message>
        <source>%1 from row %2 were asked for</source>
        <translation>%2 行目から %1 が求められました</translation>
    </message>
    <message>
        <source>tensor %1 stores blocks across rows</source>
        <translation>テンソル %1 のブロックは行をまたいでいます</translation>
    </message>
    <message>
        <source>it can only be decoded whole</source>
        <translation>全体でしか復号できません</translation>
    </message>
    <message>
        <source>a whole number from 1</source>
        <translation>1 以上の整数</translation>
    </message>
    <message>
        <source>a number from 0 to below 1</source>
        <translation>0 以上 1 未満の数値</translation>
    </message>
    <message>
        <source>%1 has a key of %2 bytes</source>
        <translation>%1 に %2 バイトのキーがあります</translation>
    </message>
    <message>
        <source>a text or a list of texts</source>
        <translation>文字列または文字列のリスト</translation>
    </message>
    <message>
        <source>true, false or a text</source>
        <translation>true、false または文字列</translation>
    </message>
    <message>
        <source>the adapter was made by an OFT of PEFT before 0.18, which computes something else</source>
        <translation>アダプターは 0.18 より前の PEFT の OFT で作られ、計算が違います</translation>
    </message>
    <message>
        <source>train it anew</source>
        <translation>新しく訓練してください</translation>
    </message>
    <message>
        <source>%1 and %2 cut a matrix into blocks: one of them is 0, and not the other</source>
        <translation>%1 と %2 はどちらも行列をブロックに分けます: 一方は 0、もう一方は 0 以外です</translation>
    </message>
    <message>
        <source>of another kind</source>
        <translation>別の種類</translation>
    </message>
    <message>
        <source>the adapter uses %1 = %2, which cannot be honoured yet</source>
        <translation>アダプターの %1 = %2 はまだ扱えません</translation>
    </message>
    <message>
        <source>a list of texts</source>
        <translation>文字列のリスト</translation>
    </message>
    <message>
        <source>the adapter trains biases (bias = %1), which cannot be honoured yet</source>
        <translation>アダプターはバイアスを訓練しますが (bias = %1)、まだ扱えません</translation>
    </message>
    <message>
        <source>the adapter was made on a changed base (init_lora_weights = %1)</source>
        <translation>アダプターは変更されたベースの上で作られています (init_lora_weights = %1)</translation>
    </message>
    <message>
        <source>save it with PEFT&apos;s path_initial_model_for_weight_conversion, which makes a plain LoRA of it</source>
        <translation>PEFT の path_initial_model_for_weight_conversion で保存すると、普通の LoRA になります</translation>
    </message>
    <message>
        <source>it does not hold an object</source>
        <translation>オブジェクトではありません</translation>
    </message>
    <message>
        <source>peft_type is missing</source>
        <translation>peft_type がありません</translation>
    </message>
    <message>
        <source>this is not a PEFT adapter</source>
        <translation>これは PEFT アダプターではありません</translation>
    </message>
    <message>
        <source>the adapter is of the type %1</source>
        <translation>アダプターの種類は %1 です</translation>
    </message>
    <message>
        <source>LORA (with rsLoRA and DoRA), LOHA, LOKR, VERA, OFT, BOFT, IA3 and FOURIERFT are supported</source>
        <translation>使えるのは LORA (rsLoRA と DoRA を含む)、LOHA、LOKR、VERA、OFT、BOFT、IA3、FOURIERFT です</translation>
    </message>
    <message>
        <source>%1 has no adapter_config.json</source>
        <translation>%1 に adapter_config.json がありません</translation>
    </message>
    <message>
        <source>a PEFT adapter is a folder with adapter_config.json and adapter_model.safetensors</source>
        <translation>PEFT アダプターは adapter_config.json と adapter_model.safetensors のあるフォルダーです</translation>
    </message>
    <message>
        <source>%1 holds a value that is no number, in row %2</source>
        <translation>%1 の %2 行目に数値でない値があります</translation>
    </message>
    <message>
        <source>%1 holds values too large for the 16-bit scales of %2</source>
        <translation>%1 に、%2 の 16 ビットのスケールには大きすぎる値があります</translation>
    </message>
    <message>
        <source>leave this model in %1</source>
        <translation>このモデルは %1 のままにしてください</translation>
    </message>
    <message>
        <source>a vector</source>
        <translation>ベクトル</translation>
    </message>
    <message>
        <source>rows of %1 numbers are no whole blocks of %2</source>
        <translation>%1 個の行は %2 個のブロックで割り切れません</translation>
    </message>
    <message>
        <source>%1 has no more bits</source>
        <translation>%1 はこれ以上のビットをもちません</translation>
    </message>
    <message>
        <source>[quantize] the written file holds other tensors than it was given</source>
        <translation>[quantize] 書かれたファイルのテンソルが、渡したものと違います</translation>
    </message>
    <message>
        <source>[quantize] %1 was not read back in its place</source>
        <translation>[quantize] %1 が元の場所から読み戻せませんでした</translation>
    </message>
    <message>
        <source>[quantize] %1 is read back %2 off instead of %3</source>
        <translation>[quantize] 読み戻した %1 のずれが %3 でなく %2 です</translation>
    </message>
    <message>
        <source>nothing was kept</source>
        <translation>何も残していません</translation>
    </message>
    <message>
        <source>[quantize] codec %1 is not one of %2</source>
        <translation>[quantize] codec %1 は使えません。使えるのは %2 です</translation>
    </message>
    <message>
        <source>[quantize] %1 is a Hugging Face folder, and GGUF files are quantised here: convert it with llama.cpp&apos;s convert_hf_to_gguf.py, or train it as it is with storage = &quot;nf4&quot;</source>
        <translation>[quantize] %1 は Hugging Face フォルダーですが、ここで量子化するのは GGUF ファイルです: llama.cpp の convert_hf_to_gguf.py で変換するか、storage = &quot;nf4&quot; でそのまま訓練してください</translation>
    </message>
    <message>
        <source>[quantize] was interrupted</source>
        <translation>[quantize] 中断されました</translation>
    </message>
    <message>
        <source>[quantize] nothing in %1 would get smaller: its matrices have no more bits than %2, or no whole blocks</source>
        <translation>[quantize] %1 に小さくなるものがありません: 行列のビット数が %2 以下か、ブロックで割り切れません</translation>
    </message>
    <message>
        <source>[quantize] %1 bytes are needed and %2 are free at %3</source>
        <translation>[quantize] %3 には %1 バイト必要ですが、空きは %2 バイトです</translation>
    </message>
    <message>
        <source>a bool</source>
        <translation>真偽値</translation>
    </message>
    <message>
        <source>a negative number</source>
        <translation>負の数値</translation>
    </message>
    <message>
        <source>a fraction or a number over 64 bits</source>
        <translation>小数、または 64 ビットを超える数値</translation>
    </message>
    <message>
        <source>binary data</source>
        <translation>バイナリデータ</translation>
    </message>
    <message>
        <source>a number over 63 bits</source>
        <translation>63 ビットを超える数値</translation>
    </message>
    <message>
        <source>has over %1 numbers in %2</source>
        <translation>%2 の数値が %1 個を超えています</translation>
    </message>
    <message>
        <source>it lists over %1 tensors</source>
        <translation>テンソルが %1 個を超えています</translation>
    </message>
    <message>
        <source>the header names %1 twice</source>
        <translation>ヘッダーに %1 が 2 回あります</translation>
    </message>
    <message>
        <source>has the key %1 twice</source>
        <translation>キー %1 が 2 回あります</translation>
    </message>
    <message>
        <source>has the unknown key %1</source>
        <translation>未知のキー %1 があります</translation>
    </message>
    <message>
        <source>lacks dtype, shape or data_offsets</source>
        <translation>dtype、shape、data_offsets のいずれかがありません</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>リスト</translation>
    </message>
    <message>
        <source>has bad data_offsets %1</source>
        <translation>data_offsets %1 が正しくありません</translation>
    </message>
    <message>
        <source>its header is not valid JSON near byte %1 %2</source>
        <translation>ヘッダーの %1 バイト目付近が JSON として正しくありません %2</translation>
    </message>
    <message>
        <source>__metadata__ maps texts to texts, but %1 is %2</source>
        <translation>__metadata__ は文字列から文字列への対応ですが、%1 は%2です</translation>
    </message>
    <message>
        <source>its header is %1, not an object</source>
        <translation>ヘッダーがオブジェクトでなく%1です</translation>
    </message>
    <message>
        <source>the entry %1 is %2, not an object</source>
        <translation>項目 %1 がオブジェクトでなく%2です</translation>
    </message>
    <message>
        <source>has %1 in %2</source>
        <translation>%2 に%1があります</translation>
    </message>
    <message>
        <source>%1 has the unknown dtype %2</source>
        <translation>%1 の dtype %2 は未知です</translation>
    </message>
    <message>
        <source>%1 has the impossible shape %2</source>
        <translation>%1 の形 %2 はありえません</translation>
    </message>
    <message>
        <source>%1 of shape %2 %3 takes %4 bytes, but its data_offsets hold %5</source>
        <translation>形 %2 %3 の %1 は %4 バイトですが、data_offsets は %5 バイトです</translation>
    </message>
    <message>
        <source>: they overlap</source>
        <translation>: 重なっています</translation>
    </message>
    <message>
        <source>: there is a hole</source>
        <translation>: 隙間があります</translation>
    </message>
    <message>
        <source>%1 starts at byte %2 of the data, but the tensors before it end at %3</source>
        <translation>%1 はデータの %2 バイト目から始まりますが、前のテンソルは %3 で終わります</translation>
    </message>
    <message>
        <source>%1 ends at byte %2 of the data, but the file holds %3</source>
        <translation>%1 はデータの %2 バイト目で終わりますが、ファイルは %3 バイトです</translation>
    </message>
    <message>
        <source>the tensors take %1 bytes, but the file holds %2 bytes of data</source>
        <translation>テンソルは %1 バイトですが、ファイルのデータは %2 バイトです</translation>
    </message>
    <message>
        <source>a safetensors header over 100 MB cannot be written</source>
        <translation>100 MB を超える safetensors のヘッダーは書けません</translation>
    </message>
    <message>
        <source>not a safetensors file: it has only %1 bytes</source>
        <translation>safetensors ファイルではありません: %1 バイトしかありません</translation>
    </message>
    <message>
        <source>its header claims %1 bytes</source>
        <translation>ヘッダーは %1 バイトとあります</translation>
    </message>
    <message>
        <source>at most 100 MB are read (is it a safetensors file?)</source>
        <translation>読めるのは最大 100 MB です (safetensors ファイルですか?)</translation>
    </message>
    <message>
        <source>its header claims %1 bytes, but the file has %2</source>
        <translation>ヘッダーは %1 バイトとありますが、ファイルは %2 バイトです</translation>
    </message>
    <message>
        <source>its header does not start with &apos;{&apos; (is it a safetensors file?)</source>
        <translation>ヘッダーが &apos;{&apos; で始まっていません (safetensors ファイルですか?)</translation>
    </message>
    <message>
        <source>its header holds a NUL byte</source>
        <translation>ヘッダーに NUL バイトがあります</translation>
    </message>
    <message>
        <source>tensor %1 has the unknown dtype %2</source>
        <translation>テンソル %1 の dtype %2 は未知です</translation>
    </message>
    <message>
        <source>the tensor name %1 is used twice or reserved</source>
        <translation>テンソルの名前 %1 は 2 回使われているか、予約されています</translation>
    </message>
    <message>
        <source>tensor %1 has the impossible shape %2</source>
        <translation>テンソル %1 の形 %2 はありえません</translation>
    </message>
    <message>
        <source>[generate] the tokenizer gives the id %1, the model&apos;s vocabulary has %2 tokens: they do not belong together</source>
        <translation>[generate] トークナイザーが ID %1 を出しましたが、モデルの語彙は %2 トークンです: 両者は合いません</translation>
    </message>
    <message>
        <source>[generate] the prompt has %1 tokens and the model&apos;s context %2: there is no room for an answer</source>
        <translation>[generate] プロンプトは %1 トークン、モデルのコンテキストは %2 です: 答えの場所がありません</translation>
    </message>
    <message>
        <source>shorten the prompt</source>
        <translation>プロンプトを短くしてください</translation>
    </message>
    <message>
        <source>[generate] the model gives values that are not finite at token %1 of the answer</source>
        <translation>[generate] 答えの %1 番目のトークンで、モデルが有限でない値を出しました</translation>
    </message>
    <message>
        <source>end of turn</source>
        <translation>ターンの終わり</translation>
    </message>
    <message>
        <source>[generate] template</source>
        <translation>[generate] template</translation>
    </message>
    <message>
        <source>[generate] the prompt is empty: there is no token to go on from</source>
        <translation>[generate] プロンプトが空です: 続きを書き始めるトークンがありません</translation>
    </message>
    <message>
        <source>[model.block] a second backward pass through the same step</source>
        <translation>[model.block] 同じステップに 2 回目の逆伝播</translation>
    </message>
    <message>
        <source>[model] activation &quot;%1&quot; is not supported for %2 models</source>
        <translation>[model] 活性化関数 &quot;%1&quot; は %2 のモデルでは使えません</translation>
    </message>
    <message>
        <source>silu is</source>
        <translation>使えるのは silu です</translation>
    </message>
    <message>
        <source>[model] %1 heads, %2 key/value heads and head size %3 do not fit together</source>
        <translation>[model] ヘッド %1 個、キー/値のヘッド %2 個、ヘッドの大きさ %3 が合いません</translation>
    </message>
    <message>
        <source>[model] %1 has no weight %2</source>
        <translation>[model] %1 に重み %2 がありません</translation>
    </message>
    <message>
        <source>models of architecture %1 cannot be trained yet</source>
        <translation>アーキテクチャ %1 のモデルはまだ訓練できません</translation>
    </message>
    <message>
        <source>these can: %1</source>
        <translation>訓練できるのは %1 です</translation>
    </message>
    <message>
        <source>[model.attention] segments end at %1</source>
        <translation>[model.attention] 区間の終わりは %1</translation>
    </message>
    <message>
        <source>%1, rows at %2</source>
        <translation>%1、行は %2</translation>
    </message>
    <message>
        <source>[model.attention] %1 and %2 for %3 and %4 heads</source>
        <translation>[model.attention] ヘッド %3 個と %4 個に対して %1 と %2</translation>
    </message>
    <message>
        <source>[model.norm] rows of %1 values, weight of %2</source>
        <translation>[model.norm] 行の値は %1 個、重みは %2 個</translation>
    </message>
    <message>
        <source>[model.reading] %1 tokens after %2 do not fit into %3</source>
        <translation>[model.reading] %2 の後の %1 トークンは %3 に収まりません</translation>
    </message>
    <message>
        <source>[model] rotary scaling &quot;%1&quot; is not supported yet</source>
        <translation>[model] 回転のスケール &quot;%1&quot; にはまだ対応していません</translation>
    </message>
    <message>
        <source>default, linear and llama3 are</source>
        <translation>使えるのは default、linear、llama3 です</translation>
    </message>
    <message>
        <source>row %1, column %2 is %3</source>
        <translation>%1 行 %2 列が %3 です</translation>
    </message>
    <message>
        <source>nf4 needs finite numbers: repair the file, or choose [model] storage = &quot;as-is&quot;</source>
        <translation>nf4 には有限の数値が必要です: ファイルを直すか、[model] storage = &quot;as-is&quot; にしてください</translation>
    </message>
    <message>
        <source>%1 has no weight %2</source>
        <translation>%1 に重み %2 がありません</translation>
    </message>
    <message>
        <source>%1: weight %2 has shape [%3], its configuration says [%4]</source>
        <translation>%1: 重み %2 の形は [%3] ですが、構成では [%4] です</translation>
    </message>
    <message>
        <source>drops nothing</source>
        <translation>何も落とさない設定です</translation>
    </message>
    <message>
        <source>is keys dropped by columns and hidden values by elements, without a second pass</source>
        <translation>は、2 回目の通過なしに、キーを列ごと、隠れ値を要素ごとに落とす設定です</translation>
    </message>
    <message>
        <source>is keys dropped by columns and hidden values by elements, with consistency = &quot;kl&quot;</source>
        <translation>は、consistency = &quot;kl&quot; で、キーを列ごと、隠れ値を要素ごとに落とす設定です</translation>
    </message>
    <message>
        <source>[dropout] preset = &quot;%1&quot; %2, but %3 = %4: leave that out or take preset = &quot;custom&quot;</source>
        <translation>[dropout] preset = &quot;%1&quot; %2が、%3 = %4 です: それを省くか preset = &quot;custom&quot; にしてください</translation>
    </message>
    <message>
        <source>[dropout] preset = &quot;custom&quot; but every rate is 0: set one, for example key_rate = 0.1, or take preset = &quot;none&quot;</source>
        <translation>[dropout] preset = &quot;custom&quot; ですが、割合がすべて 0 です: たとえば key_rate = 0.1 にするか、preset = &quot;none&quot; にしてください</translation>
    </message>
    <message>
        <source>%1 forms W + s B A, and bfloat16 products would round most of the update away: take F1 or F3 with B1, B2, B3 or B6, or [model] compute = &quot;fp32&quot;</source>
        <translation>%1 は W + s B A を作り、bfloat16 の積では更新の大半が丸めで失われます: F1 か F3 と、B1、B2、B3、B6 のいずれか、または [model] compute = &quot;fp32&quot; にしてください</translation>
    </message>
    <message>
        <source>%1 forms W + s B A, which reads one x, and with dropout the adapter reads another: take F1 or F3 with B1, B2, B3 or B6</source>
        <translation>%1 は W + s B A を作って 1 つの x を読みますが、ドロップアウトではアダプターが別の x を読みます: F1 か F3 と、B1、B2、B3、B6 のいずれかにしてください</translation>
    </message>
    <message>
        <source>[train] evaluation = &quot;%1&quot; is no order of evaluation: &quot;auto&quot;, &quot;flops&quot;, &quot;timed&quot; or a pair from F1 to F4 and B1 to B8 such as &quot;F2+B5&quot;</source>
        <translation>[train] evaluation = &quot;%1&quot; は評価の順序ではありません: &quot;auto&quot;、&quot;flops&quot;、&quot;timed&quot;、または &quot;F2+B5&quot; のような F1 から F4 と B1 から B8 の組です</translation>
    </message>
    <message>
        <source>this is no measured floor: it needs tokens of a batch and times in seconds</source>
        <translation>測定された下限ではありません: バッチのトークン数と秒での時間が必要です</translation>
    </message>
    <message>
        <source>a fit of %1 terms needs as many measured batches</source>
        <translation>%1 項のあてはめには、同じ数の測定されたバッチが必要です</translation>
    </message>
    <message>
        <source>a step of %1 seconds</source>
        <translation>%1 秒のステップ</translation>
    </message>
    <message>
        <source>the batches and ranks do not tell the terms apart: name several of each</source>
        <translation>バッチとランクから各項を区別できません: それぞれ複数指定してください</translation>
    </message>
    <message>
        <source>output layer</source>
        <translation>出力層</translation>
    </message>
    <message>
        <source>batches of %1 tokens instead of %2 ([train] batch_tokens, accumulate keeps the step the same)</source>
        <translation>バッチを %2 でなく %1 トークンにする ([train] batch_tokens。accumulate でステップは同じまま)</translation>
    </message>
    <message>
        <source>[data] max_length below %1</source>
        <translation>[data] max_length を %1 未満にする</translation>
    </message>
    <message>
        <source>a smaller or more strongly quantised model</source>
        <translation>より小さいか、より強く量子化されたモデル</translation>
    </message>
    <message>
        <source>a lower rank or fewer targets</source>
        <translation>低いランクか、少ない対象</translation>
    </message>
    <message>
        <source>more free memory</source>
        <translation>メモリーの空きを増やす</translation>
    </message>
    <message>
        <source>[plan] the run needs %1 and %2 are available: %3. Ways out: %4</source>
        <translation>[plan] 実行には %1 必要ですが、使えるのは %2 です: %3。解決策: %4</translation>
    </message>
    <message>
        <source>%1 is none of the %2 matrices of this adapter</source>
        <translation>%1 はこのアダプターの行列 %2 個のどれでもありません</translation>
    </message>
    <message>
        <source>the first is %1</source>
        <translation>最初は %1 です</translation>
    </message>
    <message>
        <source>[calibrate] a model without layers, heads or vocabulary has no floor</source>
        <translation>[calibrate] 層、ヘッド、語彙のいずれかがないモデルに下限はありません</translation>
    </message>
    <message>
        <source>[calibrate] the batch is empty: name at least one row of one token</source>
        <translation>[calibrate] バッチが空です: 少なくとも 1 トークンの行を 1 つ指定してください</translation>
    </message>
    <message>
        <source>[calibrate] %1 rows for the output layer, the batch has %2 tokens</source>
        <translation>[calibrate] 出力層に %1 行ですが、バッチは %2 トークンです</translation>
    </message>
    <message>
        <source>[calibrate] compute &quot;%1&quot; is not known: fp32 or bf16</source>
        <translation>[calibrate] compute &quot;%1&quot; は未知です: fp32 か bf16 です</translation>
    </message>
    <message>
        <source>[calibrate] a matrix of %1 x %2</source>
        <translation>[calibrate] %1 x %2 の行列</translation>
    </message>
    <message>
        <source>[calibrate] the floor is timed on weights of its own, in all %1 of memory</source>
        <translation>[calibrate] 下限はそれ自身の重み、全部で %1 のメモリーで測定します</translation>
    </message>
    <message>
        <source>%1 are free. Close other programs, or measure with a smaller model</source>
        <translation>空きは %1 です。他のプログラムを閉じるか、小さいモデルで測定してください</translation>
    </message>
    <message>
        <source>a run is already in progress</source>
        <translation>実行がすでに進行中です</translation>
    </message>
    <message>
        <source>this run is not in progress any more</source>
        <translation>この実行はもう進行中ではありません</translation>
    </message>
    <message>
        <source>no run is in progress: name an adapter</source>
        <translation>進行中の実行はありません: アダプターを指定してください</translation>
    </message>
    <message>
        <source>no run is in progress: name a model</source>
        <translation>進行中の実行はありません: モデルを指定してください</translation>
    </message>
    <message>
        <source>the run ended before the edit could be made</source>
        <translation>変更を行う前に実行が終わりました</translation>
    </message>
    <message>
        <source>%1not enough memory</source>
        <translation>%1メモリーが足りません</translation>
    </message>
    <message>
        <source>use shorter rows, fewer tokens a batch or a smaller model</source>
        <translation>短い行、少ないトークンのバッチ、または小さいモデルにしてください</translation>
    </message>
    <message>
        <source>%1unknown exception</source>
        <translation>%1不明な例外</translation>
    </message>
    <message>
        <source>[model.dropout] %1 tokens, segments end at %2</source>
        <translation>[model.dropout] %1 トークン、区間の終わりは %2</translation>
    </message>
    <message>
        <source>[engine.matmul] a scale of %1 for %2 values</source>
        <translation>[engine.matmul] 値 %2 個に対してスケール %1 個</translation>
    </message>
    <message>
        <source>[engine.matmul] %1 x [%2, %3] does not give [%4, %5]</source>
        <translation>[engine.matmul] %1 x [%2, %3] は [%4, %5] になりません</translation>
    </message>
    <message>
        <source>[engine.matmul] a stored weight counts as %1, not as %2</source>
        <translation>[engine.matmul] 格納された重みは %2 でなく %1 です</translation>
    </message>
    <message>
        <source>[engine.matmul] nothing to sum over for %1</source>
        <translation>[engine.matmul] %1 に足し合わせるものがありません</translation>
    </message>
    <message>
        <source>[engine.matmul] no memory for %1 bytes</source>
        <translation>[engine.matmul] %1 バイトのメモリーがありません</translation>
    </message>
    <message>
        <source>[engine.matrix] %1 x %2 values into %3</source>
        <translation>[engine.matrix] %1 x %2 個の値を %3 へ</translation>
    </message>
    <message>
        <source>[engine.matrix] rows of a transposed coded matrix</source>
        <translation>[engine.matrix] 転置された符号化行列の行</translation>
    </message>
    <message>
        <source>[engine.matrix] row %1 of %2</source>
        <translation>[engine.matrix] 行 %1 / %2</translation>
    </message>
    <message>
        <source>[model.noise] %1 deviations for %2</source>
        <translation>[model.noise] %2 に対して偏差 %1 個</translation>
    </message>
    <message>
        <source>the library</source>
        <translation>ライブラリ</translation>
    </message>
    <message>
        <source>own kernels</source>
        <translation>自前のカーネル</translation>
    </message>
    <message>
        <source>%1 x %2 x %3: %4 (%5 ms, %6 %7 ms)</source>
        <translation>%1 x %2 x %3: %4 (%5 ms、%6 %7 ms)</translation>
    </message>
    <message>
        <source>[engine.svd] %1 singular values of %2 were asked for</source>
        <translation>[engine.svd] %2 の特異値 %1 個が求められました</translation>
    </message>
    <message>
        <source>[engine.svd] a matrix of %1 holds values that are not finite</source>
        <translation>[engine.svd] %1 の行列に有限でない値があります</translation>
    </message>
    <message>
        <source>the template makes over %1 MB of text</source>
        <translation>テンプレートの作る文章が %1 MB を超えています</translation>
    </message>
    <message>
        <source>the template runs for over %1 s</source>
        <translation>テンプレートの実行が %1 秒を超えています</translation>
    </message>
    <message>
        <source>the template works on a value of over %1 MB</source>
        <translation>テンプレートの扱う値が %1 MB を超えています</translation>
    </message>
    <message>
        <source>the template nests values over %1 deep</source>
        <translation>テンプレートの値の入れ子が %1 段を超えています</translation>
    </message>
    <message>
        <source>the template makes a list of over %1 items</source>
        <translation>テンプレートの作るリストが %1 項目を超えています</translation>
    </message>
    <message>
        <source>the template makes over %1 namespaces</source>
        <translation>テンプレートの作る名前空間が %1 個を超えています</translation>
    </message>
    <message>
        <source>the date must be YYYY-MM-DD</source>
        <translation>日付は YYYY-MM-DD の形である必要があります</translation>
    </message>
    <message>
        <source>strftime_now does not know %%1</source>
        <translation>strftime_now は %%1 を知りません</translation>
    </message>
    <message>
        <source>%1 asks for %2, over %3</source>
        <translation>%1 の求める %2 は %3 を超えています</translation>
    </message>
    <message>
        <source>tojson: indent is over %1</source>
        <translation>tojson: indent が %1 を超えています</translation>
    </message>
    <message>
        <source>tojson: separators must be two short texts</source>
        <translation>tojson: separators は 2 つの短い文字列である必要があります</translation>
    </message>
    <message>
        <source>the text is too long</source>
        <translation>文字列が長すぎます</translation>
    </message>
    <message>
        <source>not valid UTF-8 at byte %1</source>
        <translation>%1 バイト目が UTF-8 として正しくありません</translation>
    </message>
    <message>
        <source>the library panicked: %1</source>
        <translation>ライブラリが異常終了しました: %1</translation>
    </message>
    <message>
        <source>a format with such a width is not possible</source>
        <translation>このような幅の書式は使えません</translation>
    </message>
    <message>
        <source>partition needs a separator</source>
        <translation>partition には区切りが必要です</translation>
    </message>
    <message>
        <source>substring not found</source>
        <translation>部分文字列が見つかりません</translation>
    </message>
    <message>
        <source>split needs a text to split at</source>
        <translation>split には区切る文字列が必要です</translation>
    </message>
    <message>
        <source>split needs a separator that is not empty</source>
        <translation>split には空でない区切りが必要です</translation>
    </message>
    <message>
        <source>the %1 side of %2 is undefined</source>
        <translation>%2 の %1 側が未定義です</translation>
    </message>
    <message>
        <source>%1 does not work on %2 and %3</source>
        <translation>%1 は %2 と %3 には使えません</translation>
    </message>
    <message>
        <source>* makes a list of over %1 items</source>
        <translation>* で %1 項目を超えるリストが作られます</translation>
    </message>
    <message>
        <source>a comparison</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>only text can be in a text, not %1</source>
        <translation>文字列に含まれるか調べられるのは文字列だけで、%1 ではありません</translation>
    </message>
    <message>
        <source>in does not work on %1</source>
        <translation>in は %1 には使えません</translation>
    </message>
    <message>
        <source>a slice needs whole numbers, not %1</source>
        <translation>スライスには整数が必要です。%1 は使えません</translation>
    </message>
    <message>
        <source>a slice cannot have step 0</source>
        <translation>スライスのステップを 0 にはできません</translation>
    </message>
    <message>
        <source>a slice of %1 is not possible</source>
        <translation>%1 のスライスはできません</translation>
    </message>
    <message>
        <source>the value is nested too deeply to be written</source>
        <translation>値の入れ子が深すぎて書き出せません</translation>
    </message>
    <message>
        <source>tojson: keys must be text, numbers or booleans, not %1</source>
        <translation>tojson: キーは文字列、数値、真偽値のいずれかです。%1 は使えません</translation>
    </message>
    <message>
        <source>tojson: the value is nested over 200 deep</source>
        <translation>tojson: 値の入れ子が 200 段を超えています</translation>
    </message>
    <message>
        <source>tojson: a value of type %1 has no JSON form</source>
        <translation>tojson: 型 %1 の値には JSON での形がありません</translation>
    </message>
    <message>
        <source>the default delimiters are valid</source>
        <translation>既定の区切りは有効です</translation>
    </message>
    <message>
        <source>line %1: a tag of over %2 symbols</source>
        <translation>%1 行目: %2 記号を超えるタグ</translation>
    </message>
    <message>
        <source>the template has %1 bytes, over the limit of %2</source>
        <translation>テンプレートは %1 バイトで、上限の %2 を超えています</translation>
    </message>
    <message>
        <source>no thread for the template compiler: %1</source>
        <translation>テンプレートのコンパイル用スレッドを作れません: %1</translation>
    </message>
    <message>
        <source>byte-level BPE</source>
        <translation>バイト単位の BPE</translation>
    </message>
    <message>
        <source>BPE with byte fallback</source>
        <translation>バイトへのフォールバック付き BPE</translation>
    </message>
    <message>
        <source>a text of %1 bytes is over the limit of %2 bytes</source>
        <translation>%1 バイトの文字列は上限の %2 バイトを超えています</translation>
    </message>
    <message>
        <source>choose one of chatml, alpaca, plain or a template file</source>
        <translation>chatml、alpaca、plain のいずれか、またはテンプレートのファイルを選んでください</translation>
    </message>
    <message>
        <source>no chat template %1: %2</source>
        <translation>チャットテンプレート %1 はありません: %2</translation>
    </message>
    <message>
        <source>%1: no such file or folder</source>
        <translation>%1: ファイルもフォルダーもありません</translation>
    </message>
    <message>
        <source>%1: the model has no chat template</source>
        <translation>%1: モデルにチャットテンプレートがありません</translation>
    </message>
    <message>
        <source>chat template %1</source>
        <translation>チャットテンプレート %1</translation>
    </message>
    <message>
        <source>of the model</source>
        <translation>モデルの</translation>
    </message>
    <message>
        <source>messages must be a list of {&quot;role&quot;, &quot;content&quot;} objects</source>
        <translation>messages は {&quot;role&quot;, &quot;content&quot;} オブジェクトのリストである必要があります</translation>
    </message>
    <message>
        <source>tokenizer.ggml.tokens is empty</source>
        <translation>tokenizer.ggml.tokens が空です</translation>
    </message>
    <message>
        <source>tokenizer.ggml.token_type has %1 entries for %2 tokens</source>
        <translation>tokenizer.ggml.token_type は %1 項目ですが、トークンは %2 個です</translation>
    </message>
    <message>
        <source>tokenizer.ggml.tokens[%1] is not valid UTF-8: %2</source>
        <translation>tokenizer.ggml.tokens[%1] は正しい UTF-8 ではありません: %2</translation>
    </message>
    <message>
        <source>tokenizer.ggml.%1_token_id is %2, but there are %3 tokens</source>
        <translation>tokenizer.ggml.%1_token_id は %2 ですが、トークンは %3 個です</translation>
    </message>
    <message>
        <source>tokenizer.ggml.pre %1 is not known: how it cuts words cannot be guessed</source>
        <translation>tokenizer.ggml.pre %1 は未知です: 単語の切り方を推測できません</translation>
    </message>
    <message>
        <source>use the model&apos;s Hugging Face folder with its tokenizer.json</source>
        <translation>モデルの Hugging Face フォルダーと、その tokenizer.json を使ってください</translation>
    </message>
    <message>
        <source>tokenizer.ggml.merges[%1] is not two pieces: %2</source>
        <translation>tokenizer.ggml.merges[%1] は 2 つの部分に分かれていません: %2</translation>
    </message>
    <message>
        <source>tokenizer.ggml.scores has %1 entries for %2 tokens</source>
        <translation>tokenizer.ggml.scores は %1 項目ですが、トークンは %2 個です</translation>
    </message>
    <message>
        <source>tokenizer.ggml.unknown_token_id is missing: WordPiece needs it</source>
        <translation>tokenizer.ggml.unknown_token_id がありません: WordPiece に必要です</translation>
    </message>
    <message>
        <source>tokenizer.ggml.model is missing: the file holds no tokenizer</source>
        <translation>tokenizer.ggml.model がありません: ファイルにトークナイザーがありません</translation>
    </message>
    <message>
        <source>tokenizer.ggml.model %1 is not supported (gpt2, llama and bert are)</source>
        <translation>tokenizer.ggml.model %1 は使えません (使えるのは gpt2、llama、bert です)</translation>
    </message>
    <message>
        <source>not a usable tokenizer.json</source>
        <translation>tokenizer.json として使えません</translation>
    </message>
    <message>
        <source>the tokenizer metadata do not fit together: %1</source>
        <translation>トークナイザーのメタデータが互いに合いません: %1</translation>
    </message>
    <message>
        <source>the text cannot be tokenized</source>
        <translation>文字列をトークンに分けられません</translation>
    </message>
    <message>
        <source>id %1 at position %2 is outside the vocabulary of %3</source>
        <translation>位置 %2 の ID %1 は %3 語の語彙の外です</translation>
    </message>
    <message>
        <source>the ids cannot be decoded</source>
        <translation>ID を文字列に戻せません</translation>
    </message>
    <message>
        <source>%1: not a JSON object</source>
        <translation>%1: JSON オブジェクトではありません</translation>
    </message>
    <message>
        <source>%1: line %2 is not two pieces: %3</source>
        <translation>%1: %2 行目は 2 つの部分に分かれていません: %3</translation>
    </message>
    <message>
        <source>%1: line %2 is not valid UTF-8</source>
        <translation>%1: %2 行目は正しい UTF-8 ではありません</translation>
    </message>
    <message>
        <source>%1: no [UNK], so not a WordPiece vocabulary</source>
        <translation>%1: [UNK] がないので、WordPiece の語彙ではありません</translation>
    </message>
    <message>
        <source>%1: only tokenizer.model is there</source>
        <translation>%1: tokenizer.model だけがあります</translation>
    </message>
    <message>
        <source>save the tokenizer with transformers to get tokenizer.json, or use the GGUF</source>
        <translation>transformers でトークナイザーを保存して tokenizer.json を作るか、GGUF を使ってください</translation>
    </message>
    <message>
        <source>%1: no tokenizer.json (nor vocab.json with merges.txt, nor vocab.txt)</source>
        <translation>%1: tokenizer.json がありません (vocab.json と merges.txt も、vocab.txt もありません)</translation>
    </message>
    <message>
        <source>%1: lora_A and lora_B of %2 do not fit together</source>
        <translation>%1: %2 の lora_A と lora_B が合いません</translation>
    </message>
    <message>
        <source>%1 holds no pair of lora_A and lora_B</source>
        <translation>%1 には lora_A と lora_B の対がありません</translation>
    </message>
    <message>
        <source>name its model to see more</source>
        <translation>さらに見るにはモデルを指定してください</translation>
    </message>
    <message>
        <source>%1 holds adapter_model.bin (pickle)</source>
        <translation>%1 には adapter_model.bin (pickle) があります</translation>
    </message>
    <message>
        <source>save it again as safetensors, which PEFT does by default since 0.7</source>
        <translation>safetensors で保存し直してください。PEFT 0.7 からはこれが既定です</translation>
    </message>
    <message>
        <source>here its PEFT folder or checkpoint is needed</source>
        <translation>ここでは PEFT フォルダーかチェックポイントが必要です</translation>
    </message>
    <message>
        <source>[method] magnitude_only: no target is called %1</source>
        <translation>[method] magnitude_only: %1 という対象はありません</translation>
    </message>
    <message>
        <source>%1 adapts no matrix of %2: it was made for another model</source>
        <translation>%1 は %2 のどの行列にも適用されません: 別のモデル用です</translation>
    </message>
    <message>
        <source>[export] PEFT has no %1: export merged weights, or the nearest adapter of a rank (--rank)</source>
        <translation>[export] PEFT に %1 はありません: 統合した重みか、あるランクの最も近いアダプター (--rank) を書き出してください</translation>
    </message>
    <message>
        <source>the adapter itself stays in the project</source>
        <translation>アダプター自体はプロジェクトに残ります</translation>
    </message>
    <message>
        <source>[export] a rank and an energy were asked for: one of the two decides</source>
        <translation>[export] ランクとエネルギーの両方が指定されました: どちらか一方で決まります</translation>
    </message>
    <message>
        <source>[export] energy %1 is no share: more than 0 and at most 1, such as 0.99</source>
        <translation>[export] energy %1 は割合ではありません: 0 より大きく 1 以下です (例: 0.99)</translation>
    </message>
    <message>
        <source>[export] rank %1 is not possible: %2 is %3 x %4, so 1 to %5 are</source>
        <translation>[export] ランク %1 にはできません: %2 は %3 x %4 なので、1 から %5 までです</translation>
    </message>
    <message>
        <source>this processor has no bfloat16 arithmetic: compute = &quot;bf16&quot; takes %1 times as long as &quot;fp32&quot; here and saves no memory</source>
        <translation>このプロセッサーには bfloat16 の演算がありません: compute = &quot;bf16&quot; はここでは &quot;fp32&quot; の %1 倍の時間がかかり、メモリーも減りません</translation>
    </message>
    <message>
        <source>products in compute = &quot;bf16x3&quot; take %1 times as long as in &quot;fp32&quot; on this processor: it is for processors with AMX</source>
        <translation>compute = &quot;bf16x3&quot; の積は、このプロセッサーでは &quot;fp32&quot; の %1 倍の時間がかかります: AMX のあるプロセッサー向けです</translation>
    </message>
    <message>
        <source>step %1: %2 of %3 ranks gave their place to copies of others</source>
        <translation>ステップ %1: ランク %3 個のうち %2 個が他の写しに場所を譲りました</translation>
    </message>
    <message>
        <source>[method] the chain of the adapter to begin from has %1 links of which some are settled: go on with its run, or merge it into the model and begin a new chain on that</source>
        <translation>[method] 開始に使うアダプターの連鎖には %1 個のリンクがあり、一部は固定済みです: その実行を続けるか、モデルに統合して新しい連鎖を始めてください</translation>
    </message>
    <message>
        <source>, in %1 of %2 layers</source>
        <translation>、%2 層のうち %1 層</translation>
    </message>
    <message>
        <source>step %1: link %2 of %3 begins%4</source>
        <translation>ステップ %1: %3 個のうち %2 個目のリンクが始まります%4</translation>
    </message>
    <message>
        <source>[method] links = %1, but the run has %2 steps and every link needs one: choose fewer links, or train longer</source>
        <translation>[method] links = %1 ですが、実行は %2 ステップで、各リンクに 1 ステップは必要です: リンクを減らすか、長く訓練してください</translation>
    </message>
    <message>
        <source>%1 is not a checkpoint of this program</source>
        <translation>%1 はこのプログラムのチェックポイントではありません</translation>
    </message>
    <message>
        <source>%1 is a checkpoint of version %2</source>
        <translation>%1 はバージョン %2 のチェックポイントです</translation>
    </message>
    <message>
        <source>this program reads %1</source>
        <translation>このプログラムが読むのは %1 です</translation>
    </message>
    <message>
        <source>%1: the checkpoint&apos;s state is incomplete: %2</source>
        <translation>%1: チェックポイントの状態が欠けています: %2</translation>
    </message>
    <message>
        <source>%1: the checkpoint&apos;s state makes no sense</source>
        <translation>%1: チェックポイントの状態が正しくありません</translation>
    </message>
    <message>
        <source>cannot create folder %1: %2</source>
        <translation>フォルダー %1 を作れません: %2</translation>
    </message>
    <message>
        <source>%1: %2 is missing or of another size than the adapter</source>
        <translation>%1: %2 がないか、大きさがアダプターと違います</translation>
    </message>
    <message>
        <source>%1: the generator&apos;s state is missing</source>
        <translation>%1: 乱数生成器の状態がありません</translation>
    </message>
    <message>
        <source>%1: the generator&apos;s state has a wrong size</source>
        <translation>%1: 乱数生成器の状態の大きさが違います</translation>
    </message>
    <message>
        <source>[train] no controller named &quot;%1&quot;</source>
        <translation>[train] &quot;%1&quot; という制御はありません</translation>
    </message>
    <message>
        <source>%1 holds the token id %2, the model&apos;s vocabulary has %3 tokens: the data was made for another tokenizer</source>
        <translation>%1 にトークン ID %2 がありますが、モデルの語彙は %3 語です: データは別のトークナイザー用です</translation>
    </message>
    <message>
        <source>the evaluation was ended before all rows were read</source>
        <translation>全行を読む前に評価が終了されました</translation>
    </message>
    <message>
        <source>[data] %1: none of the %2 %3rows has a token that counts</source>
        <translation>[data] %1: %3行 %2 のどれにも、数えるトークンがありません</translation>
    </message>
    <message>
        <source>[eval] the loss is %1 over %2 tokens: the model gives values that are not finite</source>
        <translation>[eval] %2 トークンの損失が %1 です: モデルが有限でない値を出しています</translation>
    </message>
    <message>
        <source>[export] %1 bytes are needed and %2 are free at %3</source>
        <translation>[export] %3 には %1 バイト必要ですが、空きは %2 バイトです</translation>
    </message>
    <message>
        <source>[export] format &quot;lora&quot; is the nearest plain LoRA of a rank: name the rank, or the energy to keep</source>
        <translation>[export] 形式 &quot;lora&quot; は、あるランクの最も近い普通の LoRA です: ランクか、残すエネルギーを指定してください</translation>
    </message>
    <message>
        <source>[export] PEFT adapters are written in fp32</source>
        <translation>[export] PEFT アダプターは fp32 で書かれます</translation>
    </message>
    <message>
        <source>[export] GGUF adapters are written in fp16 or fp32</source>
        <translation>[export] GGUF アダプターは fp16 か fp32 で書かれます</translation>
    </message>
    <message>
        <source>[export] format &quot;%1&quot; is not known</source>
        <translation>[export] 形式 &quot;%1&quot; は未知です</translation>
    </message>
    <message>
        <source>peft, lora, merged, gguf and gguf-adapter are</source>
        <translation>使えるのは peft、lora、merged、gguf、gguf-adapter です</translation>
    </message>
    <message>
        <source>Base: %1, %2 bytes of weights</source>
        <translation>ベース: %1、重み %2 バイト</translation>
    </message>
    <message>
        <source>[export] a form without a writer</source>
        <translation>[export] 書き出し方のない形です</translation>
    </message>
    <message>
        <source>[export] no adapter was named</source>
        <translation>[export] アダプターが指定されていません</translation>
    </message>
    <message>
        <source>The nearest adapter of rank %1 to one of %2: it keeps %3 % of the squared Frobenius norm of what that changes.</source>
        <translation>%2 のアダプターに最も近いランク %1 のアダプター: 変化のフロベニウスノルムの 2 乗の %3 % を保ちます。</translation>
    </message>
    <message>
        <source>[export] the written files give logits that differ by %1 (largest %2)</source>
        <translation>[export] 書かれたファイルのロジットは %1 違います (最大 %2)</translation>
    </message>
    <message>
        <source>[logits] no token ids were given</source>
        <translation>[logits] トークン ID が指定されていません</translation>
    </message>
    <message>
        <source>[logits] token id %1 is outside the vocabulary of %2 tokens</source>
        <translation>[logits] トークン ID %1 は %2 語の語彙の外です</translation>
    </message>
    <message>
        <source>%1: %2 is %3 with %4 dimensions</source>
        <translation>%1: %2 は %4 次元の %3 です</translation>
    </message>
    <message>
        <source>F32, F16 and BF16 matrices are read</source>
        <translation>読めるのは F32、F16、BF16 の行列です</translation>
    </message>
    <message>
        <source>[export] a GGUF adapter holds W + B A and nothing else, which %1 is not: export merged weights instead</source>
        <translation>[export] GGUF アダプターには W + B A だけが入りますが、%1 はそうではありません: 統合した重みを書き出してください</translation>
    </message>
    <message>
        <source>%1 is no LoRA adapter: general.type and adapter.type say &quot;%2&quot; and &quot;%3&quot;</source>
        <translation>%1 は LoRA アダプターではありません: general.type と adapter.type は &quot;%2&quot; と &quot;%3&quot; です</translation>
    </message>
    <message>
        <source>%1: adapter.lora.alpha is no number</source>
        <translation>%1: adapter.lora.alpha が数値ではありません</translation>
    </message>
    <message>
        <source>%1 holds %2, which is no half of a pair</source>
        <translation>%1 に、対の片方ではない %2 があります</translation>
    </message>
    <message>
        <source>%1 has one half of the pair of %2</source>
        <translation>%1 には %2 の対の片方しかありません</translation>
    </message>
    <message>
        <source>%1: a [%2, %3] and b [%4, %5] of %6 do not fit together</source>
        <translation>%1: %6 の a [%2, %3] と b [%4, %5] が合いません</translation>
    </message>
    <message>
        <source>%1: %2 holds a value that is no number</source>
        <translation>%1: %2 に数値でない値があります</translation>
    </message>
    <message>
        <source>%1 holds no pair of lora_a and lora_b</source>
        <translation>%1 には lora_a と lora_b の対がありません</translation>
    </message>
    <message>
        <source>%1 belongs to a %2 model, this one is %3</source>
        <translation>%1 は %2 のモデル用ですが、このモデルは %3 です</translation>
    </message>
    <message>
        <source>%1: a [%2, %3] and b [%4, %5] of %6 do not fit its %7 x %8</source>
        <translation>%1: %6 の a [%2, %3] と b [%4, %5] は %7 x %8 に合いません</translation>
    </message>
    <message>
        <source>%1 holds %2, which has no place in this %3 model</source>
        <translation>%1 に、この %3 モデルに場所のない %2 があります</translation>
    </message>
    <message>
        <source>step %1: %2 of %3 matrices grew, %4 ranks in all</source>
        <translation>ステップ %1: 行列 %3 個のうち %2 個が成長し、ランクは全部で %4 個です</translation>
    </message>
    <message>
        <source>step %1: growth is over, %2 ranks on %3 matrices, %4 to %5 each</source>
        <translation>ステップ %1: 成長は終わりです。行列 %3 個にランク %2 個、各 %4 から %5 個です</translation>
    </message>
    <message>
        <source>[method] grow_start = %1 and grow_end = %2 leave none of the %3 steps to grow in: lower one of them, or train longer</source>
        <translation>[method] grow_start = %1 と grow_end = %2 では、%3 ステップのうち成長に使えるものがありません: どちらかを下げるか、長く訓練してください</translation>
    </message>
    <message>
        <source>%1 has no adapter at %2: angles need the same matrix in both</source>
        <translation>%1 は %2 にアダプターがありません: 角度には両方に同じ行列が必要です</translation>
    </message>
    <message>
        <source>the base&apos;s own singular values need the model: name it, and an adapter that is loaded onto it</source>
        <translation>ベース自体の特異値にはモデルが必要です: モデルと、それに読み込まれるアダプターを指定してください</translation>
    </message>
    <message>
        <source>the hidden states hold values that are not finite</source>
        <translation>隠れ状態に有限でない値があります</translation>
    </message>
    <message>
        <source>%1 points, of which %2 do not lie on each other</source>
        <translation>%1 個の点のうち、互いに重ならないのは %2 個です</translation>
    </message>
    <message>
        <source>at least %1 are needed</source>
        <translation>少なくとも %1 個必要です</translation>
    </message>
    <message>
        <source>there is no row to look at</source>
        <translation>見る行がありません</translation>
    </message>
    <message>
        <source>the embeddings of the rows</source>
        <translation>行の埋め込み</translation>
    </message>
    <message>
        <source>the hidden states after block %1</source>
        <translation>ブロック %1 の後の隠れ状態</translation>
    </message>
    <message>
        <source>[train] optimizer = &quot;lora-pro&quot; keeps two moments of every weight of the adapted matrices: %1 here, in memory and in each checkpoint</source>
        <translation>[train] optimizer = &quot;lora-pro&quot; は適用した行列のすべての重みに 2 つのモーメントを保ちます: ここでは %1 を、メモリーと各チェックポイントに使います</translation>
    </message>
    <message>
        <source>[train.loss] %1 rows, %2 targets</source>
        <translation>[train.loss] %1 行、目標 %2 個</translation>
    </message>
    <message>
        <source>[train.loss] two passes of %1 and %2</source>
        <translation>[train.loss] %1 と %2 の 2 回の通過</translation>
    </message>
    <message>
        <source>[export] a matrix of %1 bytes has room for %2</source>
        <translation>[export] %1 バイトの行列に対し、場所は %2 です</translation>
    </message>
    <message>
        <source>[export] %1 is a Hugging Face folder, and only a model that is a GGUF file is merged into one: export merged weights and convert them with llama.cpp&apos;s convert_hf_to_gguf.py</source>
        <translation>[export] %1 は Hugging Face フォルダーですが、1 つのファイルに統合できるのは GGUF ファイルのモデルだけです: 統合した重みを書き出し、llama.cpp の convert_hf_to_gguf.py で変換してください</translation>
    </message>
    <message>
        <source>[export] dtype &quot;%1&quot; is not known</source>
        <translation>[export] dtype &quot;%1&quot; は未知です</translation>
    </message>
    <message>
        <source>fp32, bf16 and fp16 are</source>
        <translation>使えるのは fp32、bf16、fp16 です</translation>
    </message>
    <message>
        <source>step %1: %2 of %3 ranks stay, and where they are is settled</source>
        <translation>ステップ %1: ランク %3 個のうち %2 個が残り、その場所が決まりました</translation>
    </message>
    <message>
        <source>[method] budget_start = %1 and budget_end = %2 leave none of the %3 steps to take ranks away in: lower one of them, or train longer</source>
        <translation>[method] budget_start = %1 と budget_end = %2 では、%3 ステップのうちランクを減らせるものがありません: どちらかを下げるか、長く訓練してください</translation>
    </message>
    <message>
        <source>directions that count little were dropped</source>
        <translation>寄与の小さい方向を外しました</translation>
    </message>
    <message>
        <source>new directions</source>
        <translation>新しい方向</translation>
    </message>
    <message>
        <source>step %1: %2, %3 ranks on %4 matrices, %5 to %6 each</source>
        <translation>ステップ %1: %2、行列 %4 個にランク %3 個、各 %5 から %6 個です</translation>
    </message>
    <message>
        <source>%1 rows of %2 were left out</source>
        <translation>%2 の行のうち %1 行を除きました</translation>
    </message>
    <message>
        <source>%1 rows are longer than the model&apos;s context of %2 tokens, the longest has %3: the model has not learned positions beyond it</source>
        <translation>%1 行がモデルのコンテキスト %2 トークンより長く、最長は %3 です: モデルはその先の位置を学んでいません</translation>
    </message>
    <message>
        <source>[data] max_length = %1 cuts them there</source>
        <translation>[data] max_length = %1 でそこで切られます</translation>
    </message>
    <message>
        <source>[train] evaluation = &quot;%1&quot; chose for matrices of %2</source>
        <translation>[train] evaluation = &quot;%1&quot; による、次の行列への選択: %2</translation>
    </message>
    <message>
        <source>[model] products = &quot;auto&quot; will try again in the next run: %1</source>
        <translation>[model] products = &quot;auto&quot; は次の実行で再び試します: %1</translation>
    </message>
    <message>
        <source>[model] products = &quot;auto&quot;, measured once on this machine: %1</source>
        <translation>[model] products = &quot;auto&quot;、このマシンで一度だけ測定した結果: %1</translation>
    </message>
    <message>
        <source>the output layer</source>
        <translation>出力層</translation>
    </message>
    <message>
        <source>%1 just before</source>
        <translation>直前は %1</translation>
    </message>
    <message>
        <source>not known before</source>
        <translation>直前は不明</translation>
    </message>
    <message>
        <source>[train.step] %1 is %2 at step %3 (learning rate %4, gradient norm %5), first at %6</source>
        <translation>[train.step] ステップ %3 で %1 が %2 になりました (学習率 %4、勾配ノルム %5)。最初の場所は %6 です</translation>
    </message>
    <message>
        <source>the update was not applied. Lower the learning rate, or continue to skip this batch of %1 rows</source>
        <translation>更新は適用されていません。学習率を下げるか、続けて %1 行のこのバッチを飛ばしてください</translation>
    </message>
    <message>
        <source>gradient norm</source>
        <translation>勾配ノルム</translation>
    </message>
    <message>
        <source>at step %1, a batch of %2 tokens with rows of up to %3</source>
        <translation>ステップ %1、%2 トークンのバッチ、行は最長 %3 トークン</translation>
    </message>
    <message>
        <source>after step %1</source>
        <translation>ステップ %1 の後</translation>
    </message>
    <message>
        <source>at most %1 were taken. </source>
        <translation>使用は最大 %1 でした。</translation>
    </message>
    <message>
        <source>The checkpoint of step %1 is whole</source>
        <translation>ステップ %1 のチェックポイントは完全です</translation>
    </message>
    <message>
        <source>No checkpoint was written yet</source>
        <translation>チェックポイントはまだ書かれていません</translation>
    </message>
    <message>
        <source>by more than %1 </source>
        <translation>%1 を超えて</translation>
    </message>
    <message>
        <source>ended early at step %1: the loss on held-out rows has not fallen %2in %3 evaluations</source>
        <translation>ステップ %1 で早期終了しました: 検証損失が %3 回の評価で%2下がりませんでした</translation>
    </message>
    <message>
        <source>the best is %1 at step %2</source>
        <translation>最良はステップ %2 の %1 です</translation>
    </message>
    <message>
        <source>the run has no adapter yet: it is still being prepared</source>
        <translation>実行にはまだアダプターがありません: 準備中です</translation>
    </message>
    <message>
        <source>[samples] prompts is empty: there is nothing to answer</source>
        <translation>[samples] prompts が空です: 答えるものがありません</translation>
    </message>
    <message>
        <source>a run that names prompts answers them while it trains</source>
        <translation>プロンプトを指定した実行は、訓練中に答えます</translation>
    </message>
    <message>
        <source>no samples: %1</source>
        <translation>サンプルなし: %1</translation>
    </message>
    <message>
        <source>spectra took %1 ms, over %2 % of the step time: now every %3 steps</source>
        <translation>スペクトルに %1 ms かかり、ステップ時間の %2 % を超えました: 以後は %3 ステップごとです</translation>
    </message>
    <message>
        <source>step %1 is over: the next one is %2</source>
        <translation>ステップ %1 は終わりました: 次は %2 です</translation>
    </message>
    <message>
        <source>[train] evaluation chose its order of products for a run without dropout of the adapter&apos;s input, so none can begin now</source>
        <translation>[train] evaluation は、アダプターの入力にドロップアウトのない実行として積の順序を選びました。今から始めることはできません</translation>
    </message>
    <message>
        <source>the matrices have scales of their own (%1 at %2, %3 at %4), which one alpha cannot say</source>
        <translation>行列のスケールがそれぞれ違うため (%2 で %1、%4 で %3)、1 つの alpha では表せません</translation>
    </message>
    <message>
        <source>rank.%1: no adapted matrix is called so</source>
        <translation>rank.%1: そのような名前の行列は適用されていません</translation>
    </message>
    <message>
        <source>all matrices</source>
        <translation>すべての行列</translation>
    </message>
    <message>
        <source>rank = %1: %2 %3 at most %4 already, and ranks can only be taken away</source>
        <translation>rank = %1: %2 %3 すでに最大 %4 で、ランクは減らすことしかできません</translation>
    </message>
    <message>
        <source>the edit %1 was not made: %2</source>
        <translation>変更 %1 は行われませんでした: %2</translation>
    </message>
    <message>
        <source>the edit %1 was not made: the run ended before step %2</source>
        <translation>変更 %1 は行われませんでした: ステップ %2 の前に実行が終わりました</translation>
    </message>
    <message>
        <source>alpha %1 to %2 (scale %3 to %4)</source>
        <translation>alpha %1 から %2 へ (スケール %3 から %4 へ)</translation>
    </message>
    <message>
        <source>learning rate %1 to %2</source>
        <translation>学習率 %1 から %2 へ</translation>
    </message>
    <message>
        <source>the learning rate stays</source>
        <translation>学習率はそのままです</translation>
    </message>
    <message>
        <source>the learning rate now falls to zero there</source>
        <translation>学習率はそこで 0 まで下がるようになります</translation>
    </message>
    <message>
        <source>end at step %1 instead of %2 (%3)</source>
        <translation>ステップ %2 でなく %1 で終了 (%3)</translation>
    </message>
    <message>
        <source>dropout (%1) %2 to %3</source>
        <translation>ドロップアウト (%1) %2 から %3 へ</translation>
    </message>
    <message>
        <source>both factors are trained</source>
        <translation>両方の因子を訓練</translation>
    </message>
    <message>
        <source>left factors (B) are frozen</source>
        <translation>左の因子 (B) を固定</translation>
    </message>
    <message>
        <source>right factors (A) are frozen</source>
        <translation>右の因子 (A) を固定</translation>
    </message>
    <message>
        <source>spectra every %1 steps instead of %2, whatever they cost</source>
        <translation>コストにかかわらず、スペクトルは %2 でなく %1 ステップごと</translation>
    </message>
    <message>
        <source>no more spectra</source>
        <translation>スペクトルは今後取りません</translation>
    </message>
    <message>
        <source>activations %1 instead of %2</source>
        <translation>activations は %2 でなく %1</translation>
    </message>
    <message>
        <source>the last %1 checkpoints stay</source>
        <translation>最後の %1 個のチェックポイントを残します</translation>
    </message>
    <message>
        <source>all checkpoints stay</source>
        <translation>すべてのチェックポイントを残します</translation>
    </message>
    <message>
        <source>%1 ranks to %2 in %3 matrices</source>
        <translation>行列 %3 個でランク %1 個を %2 個へ</translation>
    </message>
    <message>
        <source>%1 % of their update&apos;s energy stays, least %2 % at %3</source>
        <translation>更新のエネルギーの %1 % が残ります (最小は %3 の %2 %)</translation>
    </message>
    <message>
        <source>the optimizer&apos;s moments of them begin anew</source>
        <translation>そのオプティマイザーのモーメントは新しく始まります</translation>
    </message>
    <message>
        <source>an edit of the run ends it at step %1</source>
        <translation>実行の変更により、ステップ %1 で終了します</translation>
    </message>
    <message>
        <source>the checkpoint has %1 scales for %2 matrices</source>
        <translation>チェックポイントには行列 %2 個に対して %1 個のスケールがあります</translation>
    </message>
    <message>
        <source>on the longest batch of the first %1 (%2 tokens, rows of up to %3)</source>
        <translation>最初の %1 個のうち最長のバッチ (%2 トークン、行は最長 %3)</translation>
    </message>
    <message>
        <source>[train.preflight] loss is %1 %2, first at %3</source>
        <translation>[train.preflight] 損失が %1 です (%2)。最初の場所は %3 です</translation>
    </message>
    <message>
        <source>nothing was trained. Take another precision ([model] compute), shorter rows or another start</source>
        <translation>何も訓練されていません。別の精度 ([model] compute)、短い行、または別の初期化を選んでください</translation>
    </message>
    <message>
        <source>[train.preflight] gradient norm is %1 %2, first at %3</source>
        <translation>[train.preflight] 勾配ノルムが %1 です (%2)。最初の場所は %3 です</translation>
    </message>
    <message>
        <source>nothing was trained. Take another precision ([model] compute) or shorter rows</source>
        <translation>何も訓練されていません。別の精度 ([model] compute) か短い行を選んでください</translation>
    </message>
    <message>
        <source>[method] rank %1 is more than %2 of %3 matrices can have: %4 is %5 x %6, so %7 of its directions can add nothing</source>
        <translation>[method] ランク %1 は、行列 %3 個のうち %2 個がもてるランクより大きいです: %4 は %5 x %6 なので、%7 個の方向は何も加えません</translation>
    </message>
    <message>
        <source>a rank up to %1 does the same with less</source>
        <translation>%1 までのランクで、より少ない費用で同じ結果になります</translation>
    </message>
    <message>
        <source>[train] threads = %1, but this machine runs %2 at a time: threads that take turns wait for each other at every product</source>
        <translation>[train] threads = %1 ですが、このマシンが同時に動かすのは %2 です: 交代で動くスレッドは積のたびに待ち合います</translation>
    </message>
    <message>
        <source>0 chooses by itself</source>
        <translation>0 では自動で選びます</translation>
    </message>
    <message>
        <source>[train] patience = %1 waits for the loss on held-out rows to fall, but none of the %2 rows is held out: raise [data] holdout or give more rows</source>
        <translation>[train] patience = %1 は検証損失が下がるのを待ちますが、%2 行のうち検証用に取り分けた行がありません: [data] holdout を上げるか、行を増やしてください</translation>
    </message>
    <message>
        <source>%1: the edits of the run cannot be read: %2</source>
        <translation>%1: 実行の変更を読めません: %2</translation>
    </message>
    <message>
        <source>[train] activations = &quot;auto&quot; takes &quot;cheap&quot;, since the memory cannot be planned: %1</source>
        <translation>[train] メモリーを計画できないため、activations = &quot;auto&quot; は &quot;cheap&quot; にします: %1</translation>
    </message>
    <message>
        <source>[method] name = &quot;%1&quot; but %2 holds a %3 adapter</source>
        <translation>[method] name = &quot;%1&quot; ですが、%2 には %3 アダプターがあります</translation>
    </message>
    <message>
        <source>[method] the ranks cannot be planned: give more rows that differ, or name another method</source>
        <translation>[method] ランクを計画できません: 異なる行を増やすか、別の手法を指定してください</translation>
    </message>
    <message>
        <source> (%1 more were the same again)</source>
        <translation> (他に同じものが %1 個)</translation>
    </message>
    <message>
        <source>[method] ranks by block: %1. Intrinsic dimensions of the embeddings and after each block, of %2 rows%3: %4</source>
        <translation>[method] ブロックごとのランク: %1。埋め込みと各ブロック後の内在次元、%2 行%3 から: %4</translation>
    </message>
    <message>
        <source>[method] %1 is in no block of the model</source>
        <translation>[method] %1 はモデルのどのブロックにもありません</translation>
    </message>
    <message>
        <source>, none for %1 matrices</source>
        <translation>、行列 %1 個にはなし</translation>
    </message>
    <message>
        <source>the directions of %1 matrices still moved, first %2: raise start_batches to wait for them</source>
        <translation>行列 %1 個の方向がまだ動いていました (最初は %2): start_batches を上げると待ちます</translation>
    </message>
    <message>
        <source>[method] start = &quot;%1&quot; looked at %2 batches: ranks %3 to %4</source>
        <translation>[method] start = &quot;%1&quot; は %2 バッチを見ました: ランクは %3 から %4</translation>
    </message>
    <message>
        <source>[train] evaluation = &quot;%1&quot; orders the products of thin factors, and the update of %2 is none: choose &quot;auto&quot;</source>
        <translation>[train] evaluation = &quot;%1&quot; は細い因子の積の順序ですが、%2 の更新はそうではありません: &quot;auto&quot; を選んでください</translation>
    </message>
    <message>
        <source>%1 is not a checkpoint</source>
        <translation>%1 はチェックポイントではありません</translation>
    </message>
    <message>
        <source>use --init-adapter to go on from a PEFT folder</source>
        <translation>PEFT フォルダーから続けるには --init-adapter を使ってください</translation>
    </message>
    <message>
        <source>%1: the position of the run is incomplete: %2</source>
        <translation>%1: 実行の位置が欠けています: %2</translation>
    </message>
    <message>
        <source>[train.preflight] %1 at %2. Free some space, or copy the project to another disk</source>
        <translation>[train.preflight] %2 で %1。空きを増やすか、プロジェクトを別のディスクにコピーしてください</translation>
    </message>
    <message>
        <source>[train] %1 at %2. keep_checkpoints = 2 keeps the last two</source>
        <translation>[train] %2 で %1。keep_checkpoints = 2 は最後の 2 つを残します</translation>
    </message>
    <message>
        <source>[train.checkpoint] step %1: a checkpoint takes %2 and %3 are free at %4</source>
        <translation>[train.checkpoint] ステップ %1: %4 でチェックポイントに %2 かかり、空きは %3 です</translation>
    </message>
    <message>
        <source>it is not written yet, and nothing is lost. Free some space, or keep fewer checkpoints (keep=1), and continue</source>
        <translation>まだ書かれていませんが、失われたものはありません。空きを増やすか、残すチェックポイントを減らして (keep=1) 続けてください</translation>
    </message>
    <message>
        <source>[train] optimizer &quot;%1&quot; is not known</source>
        <translation>[train] optimizer &quot;%1&quot; は未知です</translation>
    </message>
    <message>
        <source>[train] optimizer = &quot;%1&quot; changes B and A of a matrix together, and this method does not train exactly those two</source>
        <translation>[train] optimizer = &quot;%1&quot; は行列の B と A を一緒に変えますが、この手法が訓練するのはちょうどその 2 つではありません</translation>
    </message>
    <message>
        <source>SQLite made no statement of %1</source>
        <translation>SQLite は %1 の文を作れませんでした</translation>
    </message>
    <message>
        <source>more than one statement: %1</source>
        <translation>文が 2 つ以上あります: %1</translation>
    </message>
    <message>
        <source>the project has schema version %1, this program knows up to %2</source>
        <translation>プロジェクトのスキーマはバージョン %1 ですが、このプログラムが知るのは %2 までです</translation>
    </message>
    <message>
        <source>open it with a newer WEFT</source>
        <translation>新しい WEFT で開いてください</translation>
    </message>
    <message>
        <source>its table %1 is missing</source>
        <translation>表 %1 がありません</translation>
    </message>
    <message>
        <source>its table %1 has no column %2</source>
        <translation>表 %1 に列 %2 がありません</translation>
    </message>
    <message>
        <source>in its table %1 the column %2 is %3, not %4</source>
        <translation>表 %1 の列 %2 が %4 でなく %3 です</translation>
    </message>
    <message>
        <source>%1, for here it cannot even be read: %2</source>
        <translation>%1。ここでは読むこともできません: %2</translation>
    </message>
    <message>
        <source>the project lacks its %1</source>
        <translation>プロジェクトに %1 がありません</translation>
    </message>
    <message>
        <source>the %1 is not the one of schema version %2</source>
        <translation>%1 がスキーマのバージョン %2 のものではありません</translation>
    </message>
    <message>
        <source>the project has a %1 that WEFT did not make</source>
        <translation>プロジェクトに、WEFT が作っていない %1 があります</translation>
    </message>
    <message>
        <source>it belongs to a run that is not in the project</source>
        <translation>プロジェクトにない実行に属しています</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>ディスクがいっぱいです</translation>
    </message>
    <message>
        <source>free some space or move the project to another disk</source>
        <translation>空きを増やすか、プロジェクトを別のディスクに移してください</translation>
    </message>
    <message>
        <source>the file is damaged or cut off (%1)</source>
        <translation>ファイルが壊れているか、途中で切れています (%1)</translation>
    </message>
    <message>
        <source>the file is not a SQLite database</source>
        <translation>ファイルは SQLite データベースではありません</translation>
    </message>
    <message>
        <source>another program is writing to the project</source>
        <translation>別のプログラムがプロジェクトに書き込んでいます</translation>
    </message>
    <message>
        <source>try again when it is done</source>
        <translation>終わってから再び試してください</translation>
    </message>
    <message>
        <source>a value is too large for a project (%1)</source>
        <translation>値がプロジェクトには大きすぎます (%1)</translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation>別の名前を選んでください</translation>
    </message>
    <message>
        <source>the folder %1 does not exist</source>
        <translation>フォルダー %1 がありません</translation>
    </message>
    <message>
        <source>create it first</source>
        <translation>先に作ってください</translation>
    </message>
    <message>
        <source>%1: a copy takes %2 and %3 are free at %4</source>
        <translation>%1: コピーに %2 かかり、%4 の空きは %3 です</translation>
    </message>
    <message>
        <source>cannot make the folder %1: %2</source>
        <translation>フォルダー %1 を作れません: %2</translation>
    </message>
    <message>
        <source>%1 was made by another program meanwhile</source>
        <translation>%1 はその間に別のプログラムが作りました</translation>
    </message>
    <message>
        <source>the file may not be written</source>
        <translation>ファイルに書き込めません</translation>
    </message>
    <message>
        <source>cannot open the project</source>
        <translation>プロジェクトを開けません</translation>
    </message>
    <message>
        <source>this is a folder</source>
        <translation>これはフォルダーです</translation>
    </message>
    <message>
        <source>a project is a file name.weft</source>
        <translation>プロジェクトは名前.weft というファイルです</translation>
    </message>
    <message>
        <source>this is not a regular file</source>
        <translation>これは通常のファイルではありません</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>ファイルが空です</translation>
    </message>
    <message>
        <source>it is not a WEFT project</source>
        <translation>WEFT のプロジェクトではありません</translation>
    </message>
    <message>
        <source>this is not a WEFT project</source>
        <translation>これは WEFT のプロジェクトではありません</translation>
    </message>
    <message>
        <source>the project is cut off after %1 bytes</source>
        <translation>プロジェクトは %1 バイトで途中で切れています</translation>
    </message>
    <message>
        <source>this is a SQLite database of another program (application id 0x%1), not a WEFT project</source>
        <translation>これは別のプログラムの SQLite データベースで (アプリケーション ID 0x%1)、WEFT のプロジェクトではありません</translation>
    </message>
    <message>
        <source>the project is cut off after %1 bytes, inside a page of %2</source>
        <translation>プロジェクトは %1 バイト、%2 バイトのページの途中で切れています</translation>
    </message>
    <message>
        <source>cannot create the project</source>
        <translation>プロジェクトを作れません</translation>
    </message>
    <message>
        <source>the newest changes stand in %1 and the folder may not be written</source>
        <translation>最新の変更が %1 にありますが、フォルダーに書き込めません</translation>
    </message>
    <message>
        <source>copy both files to a folder you may write to</source>
        <translation>両方のファイルを、書き込めるフォルダーにコピーしてください</translation>
    </message>
    <message>
        <source>a newer WEFT made it (schema version %1, this one knows up to %2)</source>
        <translation>新しい WEFT が作りました (スキーマのバージョン %1、こちらが知るのは %2 まで)</translation>
    </message>
    <message>
        <source>a newer WEFT can change it</source>
        <translation>変更は新しい WEFT でできます</translation>
    </message>
    <message>
        <source>[project.open] the path of the project is empty</source>
        <translation>[project.open] プロジェクトのパスが空です</translation>
    </message>
    <message>
        <source>[project.open] the path of the project holds a zero byte</source>
        <translation>[project.open] プロジェクトのパスにゼロのバイトがあります</translation>
    </message>
    <message>
        <source>%1: there is no such project</source>
        <translation>%1: そのようなプロジェクトはありません</translation>
    </message>
    <message>
        <source>run r%1 is %2: pause or stop it first, so that no checkpoint is written meanwhile</source>
        <translation>実行 r%1 は%2です: その間にチェックポイントが書かれないよう、先に一時停止か停止してください</translation>
    </message>
    <message>
        <source>cannot make a link in %1: %2</source>
        <translation>%1 にリンクを作れません: %2</translation>
    </message>
    <message>
        <source>cannot put a link in the place of %1: %2</source>
        <translation>%1 の場所にリンクを置けません: %2</translation>
    </message>
    <message>
        <source>cannot read %1: %2</source>
        <translation>%1 を読めません: %2</translation>
    </message>
    <message>
        <source>%1: the folder %2 does not exist</source>
        <translation>%1: フォルダー %2 がありません</translation>
    </message>
    <message>
        <source>%1: %2 already exists</source>
        <translation>%1: %2 はすでにあります</translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation>別のフォルダーを選んでください</translation>
    </message>
    <message>
        <source>%1: %2 lies in the folder that is to be moved</source>
        <translation>%1: %2 は移すフォルダーの中にあります</translation>
    </message>
    <message>
        <source>%1: %2 is a link to a folder of another name</source>
        <translation>%1: %2 は別の名前のフォルダーへのリンクです</translation>
    </message>
    <message>
        <source>bring its files where they are wanted by hand</source>
        <translation>そのファイルは手作業で望む場所に移してください</translation>
    </message>
    <message>
        <source>%1: its files take %2 and %3 are free at %4</source>
        <translation>%1: ファイルに %2 かかり、%4 の空きは %3 です</translation>
    </message>
    <message>
        <source>something was written into %1 meanwhile</source>
        <translation>その間に %1 に何かが書き込まれました</translation>
    </message>
    <message>
        <source>try again</source>
        <translation>再び試してください</translation>
    </message>
    <message>
        <source>the %1 in the project is %2</source>
        <translation>プロジェクトの%1が%2です</translation>
    </message>
    <message>
        <source>start record of %1</source>
        <translation>%1 の開始の記録</translation>
    </message>
    <message>
        <source>configuration of %1</source>
        <translation>%1 の設定</translation>
    </message>
    <message>
        <source>the spectrum of %1 at step %2 has %3 bytes, which is no whole number of float32 values</source>
        <translation>ステップ %2 での %1 のスペクトルは %3 バイトで、float32 の値の整数個ではありません</translation>
    </message>
    <message>
        <source>there is no run %1 in the project</source>
        <translation>プロジェクトに実行 %1 はありません</translation>
    </message>
    <message>
        <source>the project has no runs yet</source>
        <translation>プロジェクトにはまだ実行がありません</translation>
    </message>
    <message>
        <source>the last one is %1</source>
        <translation>最後は %1 です</translation>
    </message>
    <message>
        <source>there is no run %1</source>
        <translation>実行 %1 はありません</translation>
    </message>
    <message>
        <source>detail of an event of %1</source>
        <translation>%1 のイベントの詳細</translation>
    </message>
    <message>
        <source>facts of %1</source>
        <translation>%1 の事実</translation>
    </message>
    <message>
        <source>not enough memory to write to the project</source>
        <translation>プロジェクトに書き込むメモリーが足りません</translation>
    </message>
    <message>
        <source> row was</source>
        <translation> 行は</translation>
    </message>
    <message>
        <source> rows were</source>
        <translation> 行は</translation>
    </message>
    <message>
        <source>[project.write] %1 not recorded</source>
        <translation>[project.write] %1記録されませんでした</translation>
    </message>
    <message>
        <source>a size of %1 bytes is not possible</source>
        <translation>%1 バイトの大きさはありえません</translation>
    </message>
    <message>
        <source>a run needs a name</source>
        <translation>実行には名前が必要です</translation>
    </message>
    <message>
        <source>the name of a run has at most %1 bytes, this one has %2</source>
        <translation>実行の名前は最大 %1 バイトですが、これは %2 バイトです</translation>
    </message>
    <message>
        <source>the name of a run is one line without control characters</source>
        <translation>実行の名前は 1 行で、制御文字を含みません</translation>
    </message>
    <message>
        <source>%1 would be taken for the number of a run</source>
        <translation>%1 は実行の番号と区別できません</translation>
    </message>
    <message>
        <source>add a word</source>
        <translation>語を加えてください</translation>
    </message>
    <message>
        <source>there is no run r%1 in the project</source>
        <translation>プロジェクトに実行 r%1 はありません</translation>
    </message>
    <message>
        <source>another run is already called %1</source>
        <translation>%1 という名前の実行がすでにあります</translation>
    </message>
    <message>
        <source>a note has at most %1 bytes, this one has %2</source>
        <translation>メモは最大 %1 バイトですが、これは %2 バイトです</translation>
    </message>
    <message>
        <source>run r%1 is %2</source>
        <translation>実行 r%1 は%2です</translation>
    </message>
    <message>
        <source>stop it first</source>
        <translation>先に停止してください</translation>
    </message>
    <message>
        <source>%1: the project %2 was opened read-only: %3</source>
        <translation>%1: プロジェクト %2 は読み取り専用で開かれました: %3</translation>
    </message>
    <message>
        <source>[project.create_run]: cannot create %1: %2</source>
        <translation>[project.create_run]: %1 を作れません: %2</translation>
    </message>
    <message>
        <source>[project.write] %1 rows were not recorded</source>
        <translation>[project.write] %1 行が記録されませんでした</translation>
    </message>
    <message>
        <source>there is no entry %1 in the queue</source>
        <translation>キューに項目 %1 はありません</translation>
    </message>
    <message>
        <source>the configuration of queue entry %1 is %2</source>
        <translation>キューの項目 %1 の設定が%2です</translation>
    </message>
    <message>
        <source>an entry of the queue needs a name</source>
        <translation>キューの項目には名前が必要です</translation>
    </message>
    <message>
        <source>the name of a queue entry has at most %1 bytes, this one has %2</source>
        <translation>キューの項目の名前は最大 %1 バイトですが、これは %2 バイトです</translation>
    </message>
    <message>
        <source>the name of a queue entry is one line without control characters</source>
        <translation>キューの項目の名前は 1 行で、制御文字を含みません</translation>
    </message>
    <message>
        <source>positions in the queue are counted from 1, not %1</source>
        <translation>キューの位置は 1 から数えます。%1 は使えません</translation>
    </message>
    <message>
        <source>entry %1 (%2) is running</source>
        <translation>項目 %1 (%2) は実行中です</translation>
    </message>
    <message>
        <source>the writing was ended</source>
        <translation>書き込みは中止されました</translation>
    </message>
    <message>
        <source>the look at the adapter was ended</source>
        <translation>アダプターの分析は中止されました</translation>
    </message>
    <message>
        <source>[export] was ended</source>
        <translation>[export] は中止されました</translation>
    </message>
    <message>
        <source>open a model to count parameters</source>
        <translation>パラメーターを数えるにはモデルを開いてください</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>モデルなし</translation>
    </message>
    <message>
        <source>Learning rate: the highest of the schedule, whose shape stays.</source>
        <translation>学習率: スケジュールの最大値。形は変わりません。</translation>
    </message>
    <message>
        <source>End step</source>
        <translation>終了ステップ</translation>
    </message>
    <message>
        <source>Where the run ends. Linear and cosine schedules fall to zero there</source>
        <translation>実行が終わるステップ。線形とコサインのスケジュールはそこで 0 まで下がります</translation>
    </message>
    <message>
        <source>a constant one goes on as it is.</source>
        <translation>一定のスケジュールはそのまま続きます。</translation>
    </message>
    <message>
        <source>Share of the values left out that the adapters read.</source>
        <translation>アダプターが読む値のうち落とす割合。</translation>
    </message>
    <message>
        <source>Strength of the update: the scale s grows with it, at once.</source>
        <translation>更新の強さ。スケール s はこれとともに、すぐに大きくなります。</translation>
    </message>
    <message>
        <source>The most that a matrix may have: the smallest singular directions of its update are taken away, for good.</source>
        <translation>行列がもてる最大のランク。更新の特異方向のうち最小のものから取り除かれ、元には戻りません。</translation>
    </message>
    <message>
        <source>left: B stays as it is, right: A does</source>
        <translation>left では B、right では A がそのままになります</translation>
    </message>
    <message>
        <source>the other goes on being trained.</source>
        <translation>もう一方の訓練は続きます。</translation>
    </message>
    <message>
        <source>%1 must be a number, not &quot;%2&quot;</source>
        <translation>%1は数値である必要があります。&quot;%2&quot; は使えません</translation>
    </message>
    <message>
        <source>%1 must not be empty</source>
        <translation>%1は空にできません</translation>
    </message>
    <message>
        <source>the measuring was ended</source>
        <translation>測定は中止されました</translation>
    </message>
    <message>
        <source>copying %1 was ended</source>
        <translation>%1 のコピーは中止されました</translation>
    </message>
    <message>
        <source>copying the pages was ended</source>
        <translation>ページのコピーは中止されました</translation>
    </message>
    <message>
        <source>was ended</source>
        <translation>中止されました</translation>
    </message>
    <message>
        <source>the files are where they were</source>
        <translation>ファイルは元の場所にあります</translation>
    </message>
    <message>
        <source>The longest sequence: what is longer is cut at its end; memory grows with it.</source>
        <translation>最大の系列長。これより長いものは末尾が切られます。大きいほどメモリーを使います。</translation>
    </message>
    <message>
        <source>Passes over the data, in place of a number of steps.</source>
        <translation>データを通す回数。ステップ数の代わりに指定します。</translation>
    </message>
    <message>
        <source>Batch size in rows instead of tokens; 0 goes by tokens.</source>
        <translation>トークン数の代わりに行数で決めるバッチサイズ。0 ではトークン数で決めます。</translation>
    </message>
    <message>
        <source>Gradient accumulation: batches whose gradients are added before one step, weighted by their trained tokens.</source>
        <translation>勾配累積。1 ステップの前に勾配を足し合わせるバッチの数で、訓練対象のトークン数で重み付けされます。</translation>
    </message>
    <message>
        <source>Early stopping: ends the run when so many evaluations in a row have not lowered the loss on held-out rows; 0 trains to the last step.</source>
        <translation>早期終了。検証損失がこの回数続けて下がらなければ実行を終えます。0 では最後のステップまで訓練します。</translation>
    </message>
    <message>
        <source>%1 adapts %2, which is none of the matrices of %3 that can be adapted here</source>
        <translation>%1 は %2 のアダプターを含みますが、これは %3 のここで適応できる行列ではありません</translation>
    </message>
    <message>
        <source>%1 is an adapter for llama.cpp</source>
        <translation>%1 は llama.cpp 用のアダプターです</translation>
    </message>
</context>
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
    <name>RunHistory</name>
    <message>
        <source>best</source>
        <translation>最良</translation>
    </message>
</context>
<context>
    <name>chart</name>
    <message>
        <source>Save chart</source>
        <translation>グラフを保存</translation>
    </message>
    <message>
        <source>%1 could not be written; choose another folder.</source>
        <translation>%1 に書き込めません。別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>Show as table</source>
        <translation>表で表示</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>画像をコピー</translation>
    </message>
    <message>
        <source>Copy numbers</source>
        <translation>数値をコピー</translation>
    </message>
    <message>
        <source>Save as %1…</source>
        <translation>%1 として保存…</translation>
    </message>
    <message>
        <source>Numbers of %1</source>
        <translation>%1 の数値</translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation>%1 行</translation>
    </message>
</context>
<context>
    <name>layout</name>
    <message>
        <source>show %1</source>
        <translation>%1 を表示</translation>
    </message>
    <message>
        <source>hide %1</source>
        <translation>%1 を隠す</translation>
    </message>
    <message>
        <source>move %1</source>
        <translation>「%1」の移動</translation>
    </message>
    <message>
        <source>resize docks</source>
        <translation>ドックの大きさの変更</translation>
    </message>
    <message>
        <source>change %1</source>
        <translation>「%1」の変更</translation>
    </message>
</context>
<context>
    <name>recent</name>
    <message>
        <source>%1 (missing)</source>
        <translation>%1（見つかりません）</translation>
    </message>
    <message>
        <source>Locate %1…</source>
        <translation>%1 の場所を指定…</translation>
    </message>
    <message>
        <source>&amp;Keep at the top</source>
        <translation>一番上に固定(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Forget those that are missing</source>
        <translation>見つからないものを一覧から外す(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation>一覧を消去(&amp;C)</translation>
    </message>
</context>
<context>
    <name>weft::gui::RunKeeperBench</name>
    <message>
        <source>the engine is not loaded yet or no project is open</source>
        <translation>エンジンがまだ読み込まれていないか、プロジェクトが開かれていません</translation>
    </message>
</context>
<context>
    <name>weft::ui</name>
    <message>
        <source>both factors are trained</source>
        <translation>両方の因子を学習する</translation>
    </message>
    <message>
        <source>the left factors (B) are frozen</source>
        <translation>左の因子 (B) を固定する</translation>
    </message>
    <message>
        <source>the right factors (A) are frozen</source>
        <translation>右の因子 (A) を固定する</translation>
    </message>
    <message>
        <source>Change a value: a checkpoint is written before it takes effect, and every chart gets a flag.</source>
        <translation>値を変えると、有効になる前にチェックポイントが書かれ、すべてのグラフに旗が立ちます。</translation>
    </message>
    <message>
        <source>learning rate %1 to %2</source>
        <translation>学習率を %1 から %2 へ</translation>
    </message>
    <message>
        <source>end at step %1 instead of %2</source>
        <translation>終了ステップを %2 から %1 へ</translation>
    </message>
    <message>
        <source>dropout %1 to %2</source>
        <translation>ドロップアウトを %1 から %2 へ</translation>
    </message>
    <message>
        <source>alpha %1 to %2</source>
        <translation>alpha を %1 から %2 へ</translation>
    </message>
    <message>
        <source>at most %1 ranks a matrix instead of %2, the smallest directions go for good</source>
        <translation>行列ごとのランクを最大 %2 から %1 へ。最も小さい方向は戻りません</translation>
    </message>
    <message>
        <source>When the run continues: a checkpoint, then from step %1 on %2.</source>
        <translation>実行を再開すると、まずチェックポイントを書き、ステップ %1 から %2。</translation>
    </message>
    <message>
        <source>After the step in progress: a checkpoint, then from about step %1 on %2.</source>
        <translation>進行中のステップの後、まずチェックポイントを書き、ステップ %1 ごろから %2。</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>weft::ui::AdapterChooser</name>
    <message>
        <source>%1: step</source>
        <translation>%1：ステップ</translation>
    </message>
    <message>
        <source>now, while it trains</source>
        <translation>現在（学習中）</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>ステップ %1</translation>
    </message>
    <message>
        <source>now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>Open an adapter</source>
        <translation>アダプターを開く</translation>
    </message>
    <message>
        <source>Adapters (adapter_config.json *.safetensors *.gguf);;All files (*)</source>
        <translation>アダプター (adapter_config.json *.safetensors *.gguf);;すべてのファイル (*)</translation>
    </message>
</context>
<context>
    <name>weft::ui::AdviceStrip</name>
    <message>
        <source>Wrong</source>
        <translation>誤り</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>注記</translation>
    </message>
</context>
<context>
    <name>weft::ui::Background</name>
    <message>
        <source>In the background, the icon in the tray brings the window back, and the program ends with the run.</source>
        <translation>バックグラウンドではトレイのアイコンからウィンドウを再表示できます。実行が終わるとプログラムも終了します。</translation>
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
    <message>
        <source>This desktop has no tray: the window stays, made small, in the list of windows; choose it there to bring it back. The program ends with the run.</source>
        <translation>このデスクトップにはトレイがないため、ウィンドウは最小化されてウィンドウ一覧に残ります。一覧から選ぶと戻ります。学習が終わるとプログラムも終わります。</translation>
    </message>
</context>
<context>
    <name>weft::ui::BatchDialog</name>
    <message>
        <source>Batch of step %1 of %2</source>
        <translation>%2 のステップ %1 のバッチ</translation>
    </message>
    <message>
        <source>Its %1 is no finite number, first at %2. Learning rate %3; gradient norm of the step before %4.</source>
        <translation>%1が有限の数ではありません。最初は %2。学習率 %3、直前のステップの勾配ノルム %4。</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>gradient norm</source>
        <translation>勾配ノルム</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>%1 more rows are not shown.</source>
        <translation>ほかに %1 行あります。</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>訓練対象</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>The chosen row</source>
        <translation>選んだ行</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>コピー(&amp;C)</translation>
    </message>
</context>
<context>
    <name>weft::ui::ChatView</name>
    <message>
        <source>The row as a conversation</source>
        <translation>行を会話として表示</translation>
    </message>
    <message numerus="yes">
        <source>%n more turns</source>
        <translation>
            <numerusform>ほか %n ターン</numerusform>
        </translation>
    </message>
    <message>
        <source>text</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source> (trained)</source>
        <translation>（訓練対象）</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>訓練対象</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>マスク</translation>
    </message>
</context>
<context>
    <name>weft::ui::CommandSearch</name>
    <message>
        <source>Find anything</source>
        <translation>何でも検索</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>見つかったもの</translation>
    </message>
    <message>
        <source>Commands, runs, exports, methods, settings, matrices</source>
        <translation>コマンド、実行、エクスポート、手法、設定、行列</translation>
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
        <source>learning rate</source>
        <translation>学習率</translation>
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
    <message>
        <source>Nothing to compare yet</source>
        <translation>比較できるものがまだありません</translation>
    </message>
    <message>
        <source>Which runs?</source>
        <translation>どの実行を比較しますか?</translation>
    </message>
    <message>
        <source>Set up another run</source>
        <translation>別の実行を設定</translation>
    </message>
    <message>
        <source>Compare the last ones</source>
        <translation>直近の実行を比較</translation>
    </message>
    <message>
        <source>Takes over the settings of the run that is there, to change some of them</source>
        <translation>既存の実行の設定を引き継ぎ、一部を変更できます</translation>
    </message>
    <message>
        <source>step %1, effective ranks</source>
        <translation>ステップ %1、実効ランク</translation>
    </message>
    <message>
        <source>steps %1 to %2, effective ranks</source>
        <translation>ステップ %1~%2、実効ランク</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>エポック</translation>
    </message>
    <message>
        <source>Held-out loss</source>
        <translation>検証損失</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>勾配ノルム</translation>
    </message>
    <message>
        <source>%1: %2 more values to the right</source>
        <translation>%1：右にあと%2個の値</translation>
    </message>
</context>
<context>
    <name>weft::ui::ComparedAnswers</name>
    <message>
        <source>The same prompt</source>
        <translation>同じプロンプト</translation>
    </message>
    <message>
        <source>The base model too</source>
        <translation>ベースモデルも</translation>
    </message>
    <message>
        <source>Prompt for all runs</source>
        <translation>すべての実行へのプロンプト</translation>
    </message>
    <message>
        <source>Ask all of them something</source>
        <translation>すべての実行に同じことを尋ねる</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>尋ねる</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>the engine is loading</source>
        <translation>エンジンを読み込み中です</translation>
    </message>
    <message>
        <source>choose runs first</source>
        <translation>先に実行を選んでください</translation>
    </message>
    <message>
        <source>write a prompt first</source>
        <translation>先にプロンプトを書いてください</translation>
    </message>
    <message>
        <source>Each run answers from its last checkpoint, with one seed</source>
        <translation>各実行が最後のチェックポイントから、同じシードで答えます</translation>
    </message>
    <message>
        <source>training waits for the answers</source>
        <translation>学習は回答を待っています</translation>
    </message>
    <message>
        <source>base</source>
        <translation>ベース</translation>
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
    <message>
        <source>Data (*.jsonl *.json *.csv *.tsv *.txt *.bin);;All files (*)</source>
        <translation>データ (*.jsonl *.json *.csv *.tsv *.txt *.bin);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Reading the data</source>
        <translation>データを読み込み中</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>チャット</translation>
    </message>
    <message>
        <source>Lengths</source>
        <translation>長さ</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>所見</translation>
    </message>
    <message>
        <source>Show as table</source>
        <translation>表で表示</translation>
    </message>
    <message>
        <source>Rows by length, as a table</source>
        <translation>行の長さの表</translation>
    </message>
    <message>
        <source>Rows that are bad or come twice</source>
        <translation>不正な行、重複する行</translation>
    </message>
    <message>
        <source>Use sample data</source>
        <translation>サンプルデータを使う</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>使えません</translation>
    </message>
    <message>
        <source>Findings (%1)</source>
        <translation>所見 (%1)</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>読み込み中</translation>
    </message>
    <message>
        <source>%1 rows read</source>
        <translation>%1 行を読みました</translation>
    </message>
    <message>
        <source>(%1)</source>
        <translation>(%1)</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>マスク</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>切り捨て</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>trained on a tint · masked plain · special outlined · cut struck through</source>
        <translation>訓練対象は色地・マスクは無地・特殊トークンは枠・切り捨ては取り消し線</translation>
    </message>
    <message>
        <source>what is trained is marked at its left and by a word</source>
        <translation>訓練対象は左の印と語で示します</translation>
    </message>
    <message>
        <source>median %1 tokens, longest %2</source>
        <translation>中央値 %1 トークン、最長 %2</translation>
    </message>
    <message>
        <source>repeats were not looked for: %1</source>
        <translation>重複は調べていません：%1</translation>
    </message>
    <message>
        <source>no bad row, no repeat, nothing held out that is also trained</source>
        <translation>不正な行も重複もなく、ホールドアウトと学習の重なりもありません</translation>
    </message>
    <message>
        <source>%1 held out and trained · %2 repeats · %3 nearly · %4 not used</source>
        <translation>ホールドアウトかつ学習 %1・重複 %2・ほぼ重複 %3・不使用 %4</translation>
    </message>
    <message>
        <source>Show as chart</source>
        <translation>グラフで表示</translation>
    </message>
    <message>
        <source>row %1 of %2 · line %3</source>
        <translation>%2 行中 %1 行目・ファイルの %3 行目</translation>
    </message>
    <message>
        <source>the first %1 rows can be looked at here</source>
        <translation>ここでは最初の %1 行を見られます</translation>
    </message>
</context>
<context>
    <name>weft::ui::DataFindings</name>
    <message>
        <source>held out, nearly trained</source>
        <translation>ホールドアウト、ほぼ同じ行を学習</translation>
    </message>
    <message>
        <source>held out and trained</source>
        <translation>ホールドアウトかつ学習</translation>
    </message>
    <message>
        <source>as line %1: %2</source>
        <translation>%1 行目と同じ：%2</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>nearly a repeat</source>
        <translation>ほぼ重複</translation>
    </message>
    <message>
        <source>repeat</source>
        <translation>重複</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行番号</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>所見</translation>
    </message>
    <message>
        <source>Reason or text</source>
        <translation>理由または本文</translation>
    </message>
</context>
<context>
    <name>weft::ui::DataMapping</name>
    <message>
        <source>Read as</source>
        <translation>読み方</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>input</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>text</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>How rows are read</source>
        <translation>行の読み方</translation>
    </message>
    <message>
        <source>Column of the %1</source>
        <translation>%1の列</translation>
    </message>
    <message>
        <source>auto: %1</source>
        <translation>自動：%1</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>%1 (missing)</source>
        <translation>%1（見つかりません）</translation>
    </message>
</context>
<context>
    <name>weft::ui::DeleteRunDialog</name>
    <message>
        <source>Delete a run</source>
        <translation>実行を削除</translation>
    </message>
    <message>
        <source>no files</source>
        <translation>ファイルなし</translation>
    </message>
    <message>
        <source>one file with %1</source>
        <translation>ファイル 1 個（%1）</translation>
    </message>
    <message>
        <source>%1 files with %2</source>
        <translation>ファイル %1 個（%2）</translation>
    </message>
    <message>
        <source>Delete %1?</source>
        <translation>%1 を削除しますか？</translation>
    </message>
    <message>
        <source>Its curves, spectra and events go, and %1. This cannot be undone.</source>
        <translation>曲線、スペクトル、イベントと、%1が削除されます。元に戻せません。</translation>
    </message>
    <message>
        <source>Stays:</source>
        <translation>残るもの：</translation>
    </message>
    <message>
        <source>Files that are deleted, and those that stay</source>
        <translation>削除されるファイルと残るファイル</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>削除</translation>
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
        <source>waits for the model&apos;s tokenizer</source>
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
    <message numerus="yes">
        <source>change %n settings</source>
        <translation>
            <numerusform>%n 個の設定を変更</numerusform>
        </translation>
    </message>
    <message>
        <source>go back to the defaults</source>
        <translation>既定値に戻す</translation>
    </message>
    <message>
        <source>take a preset of %1</source>
        <translation>%1 のプリセットを使う</translation>
    </message>
    <message>
        <source>reading was cancelled; any change of the data&apos;s settings begins again</source>
        <translation>読み込みをキャンセルしました。データの設定を変えるとやり直します</translation>
    </message>
    <message>
        <source>many rows are cut</source>
        <translation>多くの行が切られます</translation>
    </message>
    <message>
        <source>held-out rows are trained</source>
        <translation>ホールドアウトの行が学習に使われています</translation>
    </message>
    <message>
        <source>will not fit in memory</source>
        <translation>メモリーに収まりません</translation>
    </message>
    <message>
        <source>tried although it will not fit</source>
        <translation>収まらないまま試します</translation>
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
        <source>For Python PEFT and everything that reads its folders. auto writes fp32.</source>
        <translation>Python の PEFT と、そのフォルダーを読むもの向け。auto は fp32 で書き出します。</translation>
    </message>
    <message>
        <source>The whole model with the update added to its weights. auto writes bf16.</source>
        <translation>更新を重みに加えたモデル全体。auto は bf16 で書き出します。</translation>
    </message>
    <message>
        <source>One file to load beside the model&apos;s own GGUF. auto writes fp16.</source>
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
        <source>exported to %1</source>
        <translation>%1 にエクスポートしました</translation>
    </message>
    <message>
        <source>step %1, best, %2</source>
        <translation>ステップ %1、最良、%2</translation>
    </message>
    <message>
        <source>%1 %2, %3 at step %4</source>
        <translation>%1 %2、%3、ステップ %4</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>ベースモデル</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>テンプレート</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>容量</translation>
    </message>
    <message>
        <source>%1, about %2</source>
        <translation>%1、約 %2</translation>
    </message>
    <message>
        <source>none: the run trains on text as it is</source>
        <translation>なし: この実行はテキストをそのまま学習します</translation>
    </message>
    <message>
        <source>the model&apos;s own, as the run trains</source>
        <translation>学習時と同じく、モデル自身のもの</translation>
    </message>
    <message>
        <source>%1, as the run trains; written as chat_template.jinja</source>
        <translation>%1（学習時と同じ）。chat_template.jinja として書き出します</translation>
    </message>
    <message>
        <source>%1 · reading its hash</source>
        <translation>%1 · ハッシュを読み取り中</translation>
    </message>
    <message>
        <source>too large to hash here</source>
        <translation>大きすぎるため、ここではハッシュを計算しません</translation>
    </message>
    <message>
        <source>about %1 to write</source>
        <translation>書き出し 約 %1</translation>
    </message>
    <message>
        <source>known when it is written</source>
        <translation>大きさは書き出し時に分かります</translation>
    </message>
    <message>
        <source>%1 · %2 free at %3</source>
        <translation>%1 · %3 の空き %2</translation>
    </message>
    <message>
        <source>%1 are needed and %2 are free; choose another folder</source>
        <translation>%1 が必要ですが空きは %2 です。別のフォルダーを選んでください</translation>
    </message>
    <message>
        <source>Rank, or the share of the energy to keep</source>
        <translation>ランク、または残すエネルギーの割合</translation>
    </message>
    <message>
        <source>A rank, such as 8, or the share of the update&apos;s energy that is to be kept, such as 99 %: then each matrix gets the least rank that keeps it.</source>
        <translation>8 のようなランク、または 99 % のように残したい更新のエネルギーの割合。割合を書くと、各行列はそれを残す最小のランクになります。</translation>
    </message>
    <message>
        <source>name a rank, a whole number from 1 on, or a share of the energy such as 99 %</source>
        <translation>ランク(1 以上の整数)か、99 % のようなエネルギーの割合を入力してください</translation>
    </message>
    <message>
        <source>The whole model with the update added, as one file for llama.cpp and what is built on it. auto writes fp16.</source>
        <translation>更新を加えたモデル全体を、llama.cpp とその仲間のための 1 つのファイルにします。auto は fp16 で書き出します。</translation>
    </message>
    <message>
        <source>The nearest plain LoRA of that rank, or of the least rank that keeps the share named, such as 99 %; what it keeps is said when it is written.</source>
        <translation>そのランク、または 99 % のような割合を残す最小のランクで、最も近い通常の LoRA。更新をどれだけ残すかは書き出し時に表示します。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>being cancelled</source>
        <translation>キャンセル中</translation>
    </message>
    <message>
        <source>Cancelled; nothing was kept.</source>
        <translation>キャンセルしました。何も残していません。</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>ハッシュ</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>ハッシュをコピー</translation>
    </message>
    <message>
        <source>the one in its folder; written as chat_template.jinja</source>
        <translation>フォルダーにあるもの。chat_template.jinja として書きます</translation>
    </message>
    <message>
        <source>none: the adapter carries none</source>
        <translation>なし: アダプターに付いていません</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>開く…</translation>
    </message>
    <message>
        <source>An adapter that no run of this project wrote: a PEFT folder or an adapter file</source>
        <translation>このプロジェクトの実行が書いたのではないアダプター: PEFT フォルダーまたはアダプターのファイル</translation>
    </message>
    <message>
        <source>choose the model it belongs to in Set up first</source>
        <translation>先に「準備」で元のモデルを選んでください</translation>
    </message>
</context>
<context>
    <name>weft::ui::ExportResult</name>
    <message>
        <source>files written</source>
        <translation>書き出したファイル</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
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
        <source>lines that load it: %1</source>
        <translation>読み込むコード: %1</translation>
    </message>
    <message>
        <source>Copy the lines for %1</source>
        <translation>%1 のコードをコピー</translation>
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
    <message>
        <source>%1 layers by %2 modules; the largest is %3.</source>
        <translation>%1 層 × %2 モジュール。最大は%3。</translation>
    </message>
    <message>
        <source>Chosen is %1.</source>
        <translation>選択中は%1。</translation>
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
        <source>nothing</source>
        <translation>なし</translation>
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
    <message>
        <source>Cancelled.</source>
        <translation>キャンセルしました。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>もう一度見る</translation>
    </message>
    <message>
        <source>Looking at the adapter</source>
        <translation>アダプターを見ています</translation>
    </message>
    <message>
        <source>Open an adapter…</source>
        <translation>アダプターを開く…</translation>
    </message>
    <message>
        <source>entries by colour, blue below zero, red above, paler by the square root; the largest of each cell</source>
        <translation>要素を色で示します: 青は負、赤は正、濃さは平方根に従います。各セルの最大値です</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>比較の相手</translation>
    </message>
    <message>
        <source>No adapter yet</source>
        <translation>アダプターはまだありません</translation>
    </message>
    <message>
        <source>Open an adapter to see its spectrum, or train one: each checkpoint of a run can be seen here.</source>
        <translation>アダプターを開くとスペクトルが見られます。学習しても構いません: 実行のどのチェックポイントもここで見られます。</translation>
    </message>
    <message>
        <source>No checkpoint yet</source>
        <translation>チェックポイントはまだありません</translation>
    </message>
    <message>
        <source>Press Checkpoint on the Live page, or wait for the next one.</source>
        <translation>ライブのページでチェックポイントを押すか、次のものを待ってください。</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>お待ちください</translation>
    </message>
    <message>
        <source>Seen without a base model. Choose the one it was made for in Set up to see magnitudes, directions and the weight itself.</source>
        <translation>ベースモデルなしで見ています。大きさ、向き、重みそのものを見るには、元のモデルを「準備」で選んでください。</translation>
    </message>
    <message>
        <source>Seen without a base model: it does not fit the one in Set up. Choose the one it was made for there to see magnitudes, directions and the weight itself.</source>
        <translation>ベースモデルなしで見ています: 「準備」のモデルには合いません。大きさ、向き、重みそのものを見るには、元のモデルをそこで選んでください。</translation>
    </message>
    <message>
        <source>Not compared: %1.</source>
        <translation>比較できません: %1。</translation>
    </message>
</context>
<context>
    <name>weft::ui::InspectSpectra</name>
    <message>
        <source>Spectrum</source>
        <translation>スペクトル</translation>
    </message>
    <message>
        <source>singular values of the update; drag the line to see what a lower rank keeps</source>
        <translation>更新の特異値。線をドラッグすると、低いランクで何が残るかがわかります</translation>
    </message>
    <message>
        <source>this update less the second adapter&apos;s</source>
        <translation>この更新から二つ目のアダプターの更新を引いたもの</translation>
    </message>
    <message>
        <source>The weight itself</source>
        <translation>重みそのもの</translation>
    </message>
    <message>
        <source>singular values of W, and what of the update lies along its directions</source>
        <translation>W の特異値と、その方向に沿う更新の割合</translation>
    </message>
    <message>
        <source>Decompose W</source>
        <translation>W を分解</translation>
    </message>
    <message>
        <source>Spectrum of the weight</source>
        <translation>重みのスペクトル</translation>
    </message>
    <message>
        <source>energy of the update along the weight&apos;s directions</source>
        <translation>重みの方向に沿った更新のエネルギー</translation>
    </message>
    <message>
        <source>Decomposing the weight; a large one takes some seconds.</source>
        <translation>重みを分解しています。大きいものは数秒かかります。</translation>
    </message>
    <message>
        <source>direction of W</source>
        <translation>W の方向</translation>
    </message>
    <message>
        <source>energy of ΔW, %</source>
        <translation>ΔW のエネルギー (%)</translation>
    </message>
    <message>
        <source>The %1 leading directions of %2; the matrix is too large to decompose whole here.</source>
        <translation>%2 方向のうち上位 %1 方向です。行列が大きいため、ここでは全体を分解しません。</translation>
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
        <source>W&apos;s top %1 directions hold %2 % of the update&apos;s outputs and %3 % of its inputs; by chance it were %4 % and %5 %.</source>
        <translation>W の上位 %1 方向に、更新の出力側の %2 %、入力側の %3 % があります。偶然なら %4 % と %5 % です。</translation>
    </message>
    <message>
        <source>Its bottom %1 hold %2 % and %3 %.</source>
        <translation>下位 %1 方向には %2 % と %3 % があります。</translation>
    </message>
    <message>
        <source>The update is zero here, so none of it lies anywhere.</source>
        <translation>ここでは更新がゼロのため、どの方向にもありません。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Cancelled; the weight was not decomposed.</source>
        <translation>キャンセルしました。重みは分解していません。</translation>
    </message>
    <message>
        <source>the second adapter&apos;s update is the same here: nothing is left of the difference</source>
        <translation>2 つ目のアダプターの更新はここでは同じです: 差は残りません</translation>
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
        <translation>モデル比</translation>
    </message>
    <message>
        <source>on disk</source>
        <translation>ディスク上</translation>
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
    <message>
        <source>find a setting</source>
        <translation>設定を検索</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>設定を検索</translation>
    </message>
    <message>
        <source>Simple</source>
        <translation>簡易</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Revert %1</source>
        <translation>%1 を元に戻す</translation>
    </message>
    <message>
        <source>Revert all</source>
        <translation>すべて元に戻す</translation>
    </message>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n 個を変更</numerusform>
        </translation>
    </message>
    <message>
        <source>Revert one of them, or all</source>
        <translation>1 つずつ、またはすべて元に戻す</translation>
    </message>
    <message>
        <source>Matrices of another form</source>
        <translation>形の異なる行列</translation>
    </message>
    <message>
        <source>%1: trained %2</source>
        <translation>%1: 学習対象 %2</translation>
    </message>
</context>
<context>
    <name>weft::ui::LengthHistogram</name>
    <message>
        <source>Rows by length</source>
        <translation>長さごとの行数</translation>
    </message>
    <message>
        <source>The lengths of the rows appear when they are read.</source>
        <translation>行を読むと長さの分布が現れます。</translation>
    </message>
    <message>
        <source>tokens a row</source>
        <translation>1 行のトークン数</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>%1 rows, %2 of them longer than %3 tokens</source>
        <translation>%1 行、うち %2 行は %3 トークンより長い</translation>
    </message>
    <message>
        <source>cut at %1</source>
        <translation>%1 で切る</translation>
    </message>
</context>
<context>
    <name>weft::ui::LengthTable</name>
    <message>
        <source>cut</source>
        <translation>切り捨て</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>割合</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>切り捨て</translation>
    </message>
</context>
<context>
    <name>weft::ui::LiveCurves</name>
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
        <source>step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>エポック</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>axis of the curves</source>
        <translation>曲線の横軸</translation>
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
        <source>tokens / s</source>
        <translation>トークン / 秒</translation>
    </message>
    <message>
        <source>memory, GB</source>
        <translation>メモリー (GB)</translation>
    </message>
    <message>
        <source>throughput</source>
        <translation>処理速度</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>メモリー</translation>
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
        <source>Gradient norm, learning rate</source>
        <translation>勾配ノルム、学習率</translation>
    </message>
    <message>
        <source>Throughput, memory</source>
        <translation>処理速度とメモリー</translation>
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
        <source>rates</source>
        <translation>率</translation>
    </message>
    <message>
        <source>speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>time in steps, s</source>
        <translation>ステップの時間 (秒)</translation>
    </message>
    <message>
        <source>ranks</source>
        <translation>ランク</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>パス</translation>
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
        <source>ranks in use</source>
        <translation>使用中のランク</translation>
    </message>
    <message>
        <source>Steer</source>
        <translation>操縦</translation>
    </message>
    <message>
        <source>Change learning rate, end step, dropout, alpha, ranks or what is frozen while the run goes on</source>
        <translation>実行を続けたまま、学習率、終了ステップ、ドロップアウト、alpha、ランク、固定する側を変えます</translation>
    </message>
    <message>
        <source>eff. rank</source>
        <translation>実効ランク</translation>
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
        <source>the project&apos;s settings were left out: %1</source>
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
        <source>Open a project, model or data set</source>
        <translation>プロジェクト、モデル、データセットを開く</translation>
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
        <source>Hint 2 of 4. Choose a method by its picture; the inspector on the right draws it with this model&apos;s shapes.</source>
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
    <message>
        <source>Queue</source>
        <translation>キュー</translation>
    </message>
    <message>
        <source>Answer the run&apos;s prompts after this step, base beside tuned (Ctrl+Shift+M)</source>
        <translation>このステップの後にプロンプトへ答え、ベースと並べます (Ctrl+Shift+M)</translation>
    </message>
    <message>
        <source>This run has no prompts: name some under Samples before it starts, or ask on the page Try</source>
        <translation>この実行にはプロンプトがありません。始める前に「サンプル」で指定するか、「試す」のページで質問してください</translation>
    </message>
    <message>
        <source>Sa&amp;mple now</source>
        <translation>今すぐサンプル(&amp;M)</translation>
    </message>
    <message>
        <source>Add to &amp;queue</source>
        <translation>キューに追加(&amp;Q)</translation>
    </message>
    <message>
        <source>Freeze these settings as a run of the queue (Ctrl+Shift+R)</source>
        <translation>この設定を固定し、キューの実行として追加します (Ctrl+Shift+R)</translation>
    </message>
    <message>
        <source>S&amp;weep…</source>
        <translation>スイープ(&amp;W)…</translation>
    </message>
    <message>
        <source>Add a grid of settings to the queue</source>
        <translation>設定の格子をキューに追加します</translation>
    </message>
    <message>
        <source>Stop &amp;without saving…</source>
        <translation>保存せずに停止(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;Find anything…</source>
        <translation>何でも検索(&amp;F)…</translation>
    </message>
    <message>
        <source>One run added to the queue</source>
        <translation>1 件の実行をキューに追加しました</translation>
    </message>
    <message>
        <source>%1 runs added to the queue</source>
        <translation>%1 件の実行をキューに追加しました</translation>
    </message>
    <message>
        <source>WEFT</source>
        <translation>WEFT</translation>
    </message>
    <message>
        <source>run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Run %1 %2 (%3)</source>
        <translation>実行 %1 %2（%3）</translation>
    </message>
    <message>
        <source>Queue: %1 (%2)</source>
        <translation>キュー：%1（%2）</translation>
    </message>
    <message>
        <source>Export of r%1: %2</source>
        <translation>r%1 のエクスポート：%2</translation>
    </message>
    <message>
        <source>Setting: %1 (%2.%3)</source>
        <translation>設定：%1（%2.%3）</translation>
    </message>
    <message>
        <source>Make a copy of the project</source>
        <translation>プロジェクトのコピーを作る</translation>
    </message>
    <message>
        <source>%1 copy.weft</source>
        <translation>%1 コピー.weft</translation>
    </message>
    <message>
        <source>Copied to %1</source>
        <translation>%1 にコピーしました</translation>
    </message>
    <message>
        <source>the project was copied to %1</source>
        <translation>プロジェクトを %1 にコピーしました</translation>
    </message>
    <message>
        <source>Saved without paths, names or texts of yours: %1</source>
        <translation>パス、名前、あなたのテキストを除いて保存しました: %1</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 に書き込めませんでした: %2</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>診断情報を保存</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>テキスト (*.txt)</translation>
    </message>
    <message>
        <source>Make a &amp;copy of the project…</source>
        <translation>プロジェクトのコピーを作る(&amp;C)…</translation>
    </message>
    <message>
        <source>Save &amp;diagnostics…</source>
        <translation>診断情報を保存(&amp;D)…</translation>
    </message>
    <message>
        <source>Make a copy…</source>
        <translation>コピーを作る…</translation>
    </message>
    <message>
        <source>reset the layout</source>
        <translation>レイアウトを元に戻す</translation>
    </message>
    <message>
        <source>&amp;Follow system</source>
        <translation>システムに従う(&amp;F)</translation>
    </message>
    <message>
        <source>No font on this computer has Japanese letters: install one first, on Debian the package fonts-vlgothic.</source>
        <translation>このコンピューターには日本語のフォントがありません。先にインストールしてください（Debian では fonts-vlgothic パッケージ）。</translation>
    </message>
    <message>
        <source>a newer WEFT made it (project version %1, this one knows up to %2), and only a newer WEFT can change it</source>
        <translation>より新しい WEFT が作成したもので(プロジェクトのバージョン %1、この WEFT が扱えるのは %2 まで)、変更できるのは新しい WEFT だけです</translation>
    </message>
    <message>
        <source>Te&amp;xt size</source>
        <translation>文字サイズ(&amp;X)</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 is no project (.weft), model (GGUF file, folder with config.json), adapter (folder with adapter_config.json, safetensors), data set (JSONL, JSON, CSV, text) or run file (TOML)</source>
        <translation>%1 はプロジェクト (.weft)、モデル (GGUF ファイル、config.json のあるフォルダー)、アダプター (adapter_config.json のあるフォルダー、safetensors)、データセット (JSONL、JSON、CSV、テキスト)、設定ファイル (TOML) のいずれでもありません</translation>
    </message>
    <message>
        <source>&amp;Load a run file…</source>
        <translation>設定ファイルを読み込む(&amp;L)…</translation>
    </message>
    <message>
        <source>Settings from a TOML file; what would change is shown first</source>
        <translation>TOML ファイルの設定。何が変わるかを先に表示します</translation>
    </message>
    <message>
        <source>&amp;Save the settings as a run file…</source>
        <translation>設定をファイルに保存(&amp;S)…</translation>
    </message>
    <message>
        <source>As TOML that people read and weft-cli runs</source>
        <translation>人が読め、weft-cli が実行できる TOML で保存します</translation>
    </message>
    <message>
        <source>Where is %1 now?</source>
        <translation>%1 は今どこにありますか？</translation>
    </message>
    <message>
        <source>All that WEFT reads (*.weft *.gguf config.json *.safetensors *.jsonl *.json *.csv *.txt *.toml);;Projects (*.weft);;All files (*)</source>
        <translation>WEFT が読めるすべて (*.weft *.gguf config.json *.safetensors *.jsonl *.json *.csv *.txt *.toml);;プロジェクト (*.weft);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Load a run file</source>
        <translation>設定ファイルの読み込み</translation>
    </message>
    <message>
        <source>Run files (*.toml);;All files (*)</source>
        <translation>設定ファイル (*.toml);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>load %1</source>
        <translation>%1 の読み込み</translation>
    </message>
    <message>
        <source>Save the settings as a run file</source>
        <translation>設定をファイルに保存</translation>
    </message>
    <message>
        <source>Run files (*.toml)</source>
        <translation>設定ファイル (*.toml)</translation>
    </message>
    <message>
        <source>run file written: %1</source>
        <translation>設定ファイルを書きました：%1</translation>
    </message>
    <message>
        <source>Method: %1 (%2)</source>
        <translation>手法：%1（%2）</translation>
    </message>
    <message>
        <source>Matrix of %1: %2</source>
        <translation>%1 の行列：%2</translation>
    </message>
    <message>
        <source>Copying the project to %1…</source>
        <translation>プロジェクトを %1 にコピーしています…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Copying the project to %1: %2 of %3</source>
        <translation>プロジェクトを %1 にコピーしています：%2 / %3</translation>
    </message>
    <message>
        <source>Cancelled; nothing was kept.</source>
        <translation>キャンセルしました。何も残していません。</translation>
    </message>
    <message>
        <source>&amp;Live</source>
        <translation>ライブ(&amp;L)</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>モデル: %1</translation>
    </message>
    <message>
        <source>Data: %1</source>
        <translation>データ: %1</translation>
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
        <source>Memory of this program, of the machine&apos;s %1</source>
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
    <name>weft::ui::MemoryCard</name>
    <message>
        <source>Memory</source>
        <translation>メモリー</translation>
    </message>
    <message>
        <source>Try it anyway</source>
        <translation>それでも試す</translation>
    </message>
    <message>
        <source>Train although the plan says that it will not fit. The system may end the program when memory runs out.</source>
        <translation>計画では収まらなくても学習を始めます。メモリーが尽きるとシステムがプログラムを終了させることがあります。</translation>
    </message>
    <message>
        <source>%1 too much</source>
        <translation>%1 超過</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>余裕なし</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>収まる</translation>
    </message>
    <message>
        <source>%1 needed · %2 free</source>
        <translation>必要 %1・空き %2</translation>
    </message>
    <message>
        <source>planned %1</source>
        <translation>計画値 %1</translation>
    </message>
    <message>
        <source>measured %1 by %2, which counts</source>
        <translation>%2 が測った %1（こちらを採用）</translation>
    </message>
    <message>
        <source>activations: %1</source>
        <translation>アクティベーション：%1</translation>
    </message>
    <message>
        <source>%1 tokens a batch</source>
        <translation>バッチあたり %1 トークン</translation>
    </message>
    <message>
        <source>saves %1</source>
        <translation>%1 節約</translation>
    </message>
    <message>
        <source>then it fits</source>
        <translation>これで収まる</translation>
    </message>
    <message>
        <source>not enough alone</source>
        <translation>これだけでは足りない</translation>
    </message>
    <message>
        <source>This run needs %1 and %2 are free; most of it is for %3 (%4). Each of these takes less:</source>
        <translation>この実行には %1 必要で、空きは %2 です。最も多いのは%3 (%4) です。次のどれでも少なくなります:</translation>
    </message>
    <message>
        <source>Disk: %1.</source>
        <translation>ディスク: %1。</translation>
    </message>
    <message>
        <source>Keep the last 2</source>
        <translation>最後の 2 個を残す</translation>
    </message>
    <message>
        <source>Only at the end</source>
        <translation>最後だけ</translation>
    </message>
    <message>
        <source>Copy the project elsewhere…</source>
        <translation>プロジェクトを別の場所にコピー…</translation>
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
    <message>
        <source>Family of methods</source>
        <translation>手法の系統</translation>
    </message>
    <message>
        <source>all families</source>
        <translation>すべての系統</translation>
    </message>
    <message>
        <source>Filter the methods</source>
        <translation>手法を絞り込む</translation>
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
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Where is %1 now?</source>
        <translation>%1 は今どこにありますか？</translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n 個のファイル</numerusform>
        </translation>
    </message>
    <message>
        <source>cannot be trained</source>
        <translation>学習できません</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>読めません</translation>
    </message>
    <message>
        <source>Families that can be trained: %1. Choose another model, or one of these in GGUF or safetensors.</source>
        <translation>学習できる系統：%1。別のモデルか、これらの GGUF または safetensors を選んでください。</translation>
    </message>
    <message>
        <source>Drop a GGUF file or a Hugging Face folder here (config.json, tokenizer, safetensors).</source>
        <translation>GGUF ファイルか Hugging Face フォルダー（config.json、トークナイザー、safetensors）をここにドロップしてください。</translation>
    </message>
    <message>
        <source>licence: not stated in the file</source>
        <translation>ライセンス：ファイルに記載なし</translation>
    </message>
    <message>
        <source>licence: %1</source>
        <translation>ライセンス：%1</translation>
    </message>
</context>
<context>
    <name>weft::ui::NoteDialog</name>
    <message>
        <source>Note on %1</source>
        <translation>%1 のメモ</translation>
    </message>
    <message>
        <source>What you want to remember of this run</source>
        <translation>この実行について覚えておきたいこと</translation>
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
    <name>weft::ui::NoticeStrip</name>
    <message>
        <source>Notices of the run</source>
        <translation>実行の知らせ</translation>
    </message>
    <message>
        <source>Skip the batch</source>
        <translation>このバッチを飛ばす</translation>
    </message>
    <message>
        <source>Export the best</source>
        <translation>最良をエクスポート</translation>
    </message>
    <message>
        <source>Stop without saving</source>
        <translation>保存せずに停止</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>続ける</translation>
    </message>
    <message>
        <source>STOP?</source>
        <translation>停止しますか？</translation>
    </message>
    <message>
        <source>What was trained since the checkpoint of step %1 is lost. The curves stay in the project.</source>
        <translation>ステップ %1 のチェックポイント以降に学習した分は失われます。曲線はプロジェクトに残ります。</translation>
    </message>
    <message>
        <source>No checkpoint is written yet: all that was trained is lost. The curves stay in the project.</source>
        <translation>チェックポイントがまだありません。学習した分はすべて失われます。曲線はプロジェクトに残ります。</translation>
    </message>
    <message>
        <source>Back to step %1, rate %2</source>
        <translation>ステップ %1 に戻り、学習率 %2</translation>
    </message>
    <message>
        <source>Forgets what came after the checkpoint of step %1 and goes on from there with a third of the learning rate</source>
        <translation>ステップ %1 のチェックポイント以降を捨て、学習率を 3 分の 1 にしてそこから続けます</translation>
    </message>
    <message>
        <source>Goes on with the next batch; nothing of this one was applied</source>
        <translation>次のバッチから続けます。このバッチは何も反映されていません</translation>
    </message>
    <message>
        <source>PAUSED BY ITSELF</source>
        <translation>自動で一時停止</translation>
    </message>
    <message>
        <source>show one</source>
        <translation>1 つ表示</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>ほか %1 件</translation>
    </message>
    <message>
        <source>ENDED</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>SEEN</source>
        <translation>観察</translation>
    </message>
    <message>
        <source> The last: %1 at step %2.</source>
        <translation> 最後: %1(ステップ %2)。</translation>
    </message>
    <message>
        <source>Lowest hold-out loss %1 at step %2, its checkpoint is kept.</source>
        <translation>検証損失の最小値 %1(ステップ %2)。そのチェックポイントは保持されます。</translation>
    </message>
    <message>
        <source>Open the batch</source>
        <translation>バッチを開く</translation>
    </message>
    <message>
        <source>Shows the rows that the step was computed of</source>
        <translation>このステップの計算に使われた行を表示します</translation>
    </message>
    <message>
        <source>Keep the last %1 and go on</source>
        <translation>最後の %1 個を残して続ける</translation>
    </message>
    <message>
        <source>Deletes older checkpoints of this run, but not the best one, and continues</source>
        <translation>この実行の古いチェックポイントを (最良のものを除いて) 削除して続けます</translation>
    </message>
    <message>
        <source>Change the settings</source>
        <translation>設定を変える</translation>
    </message>
    <message>
        <source>Takes this run&apos;s settings to Set up, where the memory card says what takes less</source>
        <translation>この実行の設定を準備ページに移します。メモリーのカードに、少なくする方法があります</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
    <message>
        <source>Writes the checkpoint, if there is room now, and goes on</source>
        <translation>空きができていればチェックポイントを書いて続けます</translation>
    </message>
    <message>
        <source>Resume from step %1, keeping less</source>
        <translation>保持を減らしてステップ %1 から再開</translation>
    </message>
    <message>
        <source>Start again, keeping less</source>
        <translation>保持を減らして最初から</translation>
    </message>
    <message>
        <source>Goes on with activations = checkpoint: the same numbers, slower, in less memory</source>
        <translation>activations = checkpoint で続けます。結果は同じで、遅くなり、メモリーは少なくなります</translation>
    </message>
    <message>
        <source>OUT OF MEMORY</source>
        <translation>メモリー不足</translation>
    </message>
    <message>
        <source>Move its files…</source>
        <translation>ファイルを移動…</translation>
    </message>
    <message>
        <source>Brings checkpoints and exports of the project to a folder on another disk, leaves a link in their place, and goes on</source>
        <translation>プロジェクトのチェックポイントと書き出しを別のディスクのフォルダーへ移し、元の場所にリンクを残して続行します</translation>
    </message>
    <message>
        <source>Folder for the project&apos;s files</source>
        <translation>プロジェクトのファイルを置くフォルダー</translation>
    </message>
    <message>
        <source>the project&apos;s files were moved to %1</source>
        <translation>プロジェクトのファイルを %1 に移動しました</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>MOVING</source>
        <translation>移動中</translation>
    </message>
    <message>
        <source>Being cancelled…</source>
        <translation>キャンセルしています…</translation>
    </message>
    <message>
        <source>%1 of %2 of the project&apos;s files copied; the old ones go when all are there.</source>
        <translation>プロジェクトのファイル %2 のうち %1 をコピーしました。元のファイルは、すべてそろってから削除されます。</translation>
    </message>
    <message>
        <source>Counting the project&apos;s files…</source>
        <translation>プロジェクトのファイルを数えています…</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>失敗</translation>
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
        <source>Where a step&apos;s time goes: %1</source>
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
    <name>weft::ui::PlanBar</name>
    <message>
        <source>program</source>
        <translation>プログラム</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>adapter and optimizer</source>
        <translation>アダプターとオプティマイザー</translation>
    </message>
    <message>
        <source>factors</source>
        <translation>因子</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>アクティベーション</translation>
    </message>
    <message>
        <source>work</source>
        <translation>作業領域</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Memory of the run</source>
        <translation>実行のメモリー</translation>
    </message>
    <message>
        <source>%1; %2 are free</source>
        <translation>%1、空き %2</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <translation>%1 %2：%3</translation>
    </message>
</context>
<context>
    <name>weft::ui::PointPlot</name>
    <message>
        <source>r = %1</source>
        <translation>r = %1</translation>
    </message>
    <message>
        <source>%1: %2 points</source>
        <translation>%1：%2 点</translation>
    </message>
    <message>
        <source>%1 by %2. %3</source>
        <translation>縦軸 %1、横軸 %2。%3</translation>
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
    <message>
        <source>Versions, settings and the last lines of this log, without paths, names or texts of yours</source>
        <translation>バージョン、設定、このログの最後の行。パス、名前、あなたのテキストは含みません</translation>
    </message>
</context>
<context>
    <name>weft::ui::ProjectModel</name>
    <message>
        <source>PEFT</source>
        <translation>PEFT</translation>
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
    <message>
        <source>best hold-out %1 at step %2</source>
        <translation>最良のホールドアウト %1（ステップ %2）</translation>
    </message>
    <message>
        <source>best %1 @ %2</source>
        <translation>最良 %1 @ %2</translation>
    </message>
    <message>
        <source>merged model, one GGUF file</source>
        <translation>マージ済みモデル (1 つの GGUF ファイル)</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>見つかりません</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n 件</numerusform>
        </translation>
    </message>
    <message>
        <source>what Set up holds</source>
        <translation>「準備」で使用中</translation>
    </message>
    <message>
        <source>MODELS</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>DATA</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>QUEUE</source>
        <translation>キュー</translation>
    </message>
</context>
<context>
    <name>weft::ui::ProjectPanel</name>
    <message>
        <source>Project</source>
        <translation>プロジェクト</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>ファイルマネージャーで表示</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>パスをコピー</translation>
    </message>
    <message>
        <source>Use in Set up</source>
        <translation>準備で使う</translation>
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
        <source>Export in another form…</source>
        <translation>別の形式でエクスポート…</translation>
    </message>
    <message>
        <source>Use as the model in Set up</source>
        <translation>「準備」のモデルとして使う</translation>
    </message>
</context>
<context>
    <name>weft::ui::QueueDesk</name>
    <message>
        <source>The queue is over: %1 run, %2 failed</source>
        <translation>キューが終わりました：実行 %1 件、失敗 %2 件</translation>
    </message>
    <message>
        <source>The queue ended: %1</source>
        <translation>キューが終了しました：%1</translation>
    </message>
    <message>
        <source>, %1 still waiting</source>
        <translation>、待機中 %1 件</translation>
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
        <source>the queue is running</source>
        <translation>キューを実行中です</translation>
    </message>
    <message>
        <source>a run is going on; the queue begins when it is over</source>
        <translation>実行中です。終わるとキューが始まります</translation>
    </message>
    <message>
        <source>the engine is loading</source>
        <translation>エンジンを読み込み中です</translation>
    </message>
    <message>
        <source>nothing waits in the queue</source>
        <translation>キューで待っているものはありません</translation>
    </message>
</context>
<context>
    <name>weft::ui::QueueMenu</name>
    <message>
        <source>Show its run</source>
        <translation>その実行を表示</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>この設定を使う</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>前へ</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>後へ</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>取り除く</translation>
    </message>
    <message>
        <source>Run the queue</source>
        <translation>キューを実行</translation>
    </message>
</context>
<context>
    <name>weft::ui::QueueModel</name>
    <message>
        <source>waiting</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>異なる設定</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Time, about</source>
        <translation>時間 (約)</translation>
    </message>
</context>
<context>
    <name>weft::ui::QueuePage</name>
    <message>
        <source>Run the queue</source>
        <translation>キューを実行</translation>
    </message>
    <message>
        <source>Stop after this one</source>
        <translation>この実行の後で止める</translation>
    </message>
    <message>
        <source>The run in progress goes on to its end; what waits keeps waiting</source>
        <translation>進行中の実行は最後まで続き、待機中のものは待ち続けます</translation>
    </message>
    <message>
        <source>Sweep…</source>
        <translation>スイープ…</translation>
    </message>
    <message>
        <source>Add a grid of settings</source>
        <translation>設定の格子を追加します</translation>
    </message>
    <message>
        <source>Earlier (Alt+Up)</source>
        <translation>前へ (Alt+Up)</translation>
    </message>
    <message>
        <source>Later (Alt+Down)</source>
        <translation>後へ (Alt+Down)</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>取り除く</translation>
    </message>
    <message>
        <source>Take the entry out of the queue (Delete); its run, if any, stays</source>
        <translation>項目をキューから外します (Delete)。その実行は残ります</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>キュー</translation>
    </message>
    <message>
        <source>Nothing in the queue</source>
        <translation>キューは空です</translation>
    </message>
    <message>
        <source>Entries keep the settings they were added with and run one after the other, also when one fails.</source>
        <translation>項目は追加した時の設定のまま順に実行され、1 つが失敗しても続きます。</translation>
    </message>
    <message>
        <source>Add the settings of Set up</source>
        <translation>「設定」の内容を追加</translation>
    </message>
    <message>
        <source>Set up a model, data and a method first</source>
        <translation>先にモデル、データ、手法を設定してください</translation>
    </message>
    <message>
        <source>nothing waits</source>
        <translation>待機なし</translation>
    </message>
    <message>
        <source>%1 waiting, %2</source>
        <translation>待機 %1 件、%2</translation>
    </message>
    <message>
        <source>about %1 of training</source>
        <translation>学習は約 %1</translation>
    </message>
    <message>
        <source>time not known</source>
        <translation>時間は不明</translation>
    </message>
</context>
<context>
    <name>weft::ui::RankCut</name>
    <message>
        <source>Cut the spectrum at rank</source>
        <translation>スペクトルを切るランク</translation>
    </message>
    <message numerus="yes">
        <source>%n above the noise edge</source>
        <translation>
            <numerusform>雑音の縁より上に %n 個</numerusform>
        </translation>
    </message>
    <message>
        <source>all matrices at this rank: %1 parameters, %2</source>
        <translation>全行列をこのランクにすると %1 パラメーター、%2</translation>
    </message>
    <message>
        <source>Export at rank %1</source>
        <translation>ランク %1 でエクスポート</translation>
    </message>
    <message>
        <source>keeps %1 % of the energy</source>
        <translation>エネルギーの %1 % を保持</translation>
    </message>
    <message>
        <source>rank %1 keeps %2 % of the energy</source>
        <translation>ランク %1 でエネルギーの %2 % が残ります</translation>
    </message>
    <message>
        <source>keeps %1 %</source>
        <translation>%1 %を保持</translation>
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
    <message>
        <source>changed: %1</source>
        <translation>変更：%1</translation>
    </message>
    <message>
        <source>best so far: hold-out %1</source>
        <translation>これまでの最良：ホールドアウト %1</translation>
    </message>
</context>
<context>
    <name>weft::ui::RunFileDialog</name>
    <message>
        <source>Load a run file</source>
        <translation>設定ファイルの読み込み</translation>
    </message>
    <message>
        <source>It has the settings that are there already.</source>
        <translation>今の設定と同じです。</translation>
    </message>
    <message numerus="yes">
        <source>%n settings change. One step of undo takes them back.</source>
        <translation>
            <numerusform>%n 件の設定が変わります。一度の「元に戻す」で戻せます。</numerusform>
        </translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Settings that change</source>
        <translation>変わる設定</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>取り込む</translation>
    </message>
</context>
<context>
    <name>weft::ui::RunMenu</name>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Resume from the last checkpoint</source>
        <translation>最後のチェックポイントから再開</translation>
    </message>
    <message>
        <source>Duplicate with changes</source>
        <translation>変更して複製</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>Report page…</source>
        <translation>レポート…</translation>
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
        <source>Write a note…</source>
        <translation>メモを書く…</translation>
    </message>
    <message>
        <source>Notes…</source>
        <translation>メモ…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>削除…</translation>
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
        <source>Report page of %1</source>
        <translation>%1 のレポート</translation>
    </message>
    <message>
        <source>Pages (*.html)</source>
        <translation>ページ (*.html)</translation>
    </message>
    <message>
        <source>report written: %1</source>
        <translation>レポートを書きました：%1</translation>
    </message>
    <message>
        <source>run %1 deleted</source>
        <translation>実行 %1 を削除しました</translation>
    </message>
    <message>
        <source>Save as a run file…</source>
        <translation>設定ファイルとして保存…</translation>
    </message>
    <message>
        <source>Save the settings of %1</source>
        <translation>%1 の設定を保存</translation>
    </message>
    <message>
        <source>Run files (*.toml)</source>
        <translation>設定ファイル (*.toml)</translation>
    </message>
    <message>
        <source>rename %1</source>
        <translation>%1 の名前を変更</translation>
    </message>
    <message>
        <source>note on %1</source>
        <translation>%1 のメモ</translation>
    </message>
</context>
<context>
    <name>weft::ui::SamplesCard</name>
    <message>
        <source>Samples</source>
        <translation>サンプル</translation>
    </message>
    <message>
        <source>prompt that is answered</source>
        <translation>回答するプロンプト</translation>
    </message>
    <message>
        <source>step at which it was answered</source>
        <translation>回答したステップ</translation>
    </message>
    <message>
        <source>base</source>
        <translation>ベース</translation>
    </message>
    <message>
        <source>answer of the base</source>
        <translation>ベースの回答</translation>
    </message>
    <message>
        <source>tuned</source>
        <translation>調整後</translation>
    </message>
    <message>
        <source>answer of the adapter at that step</source>
        <translation>そのステップのアダプターの回答</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>ステップ %1</translation>
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
    <message>
        <source>%1: %2 points, %3 %4 to %5, last %6</source>
        <translation>%1：%2 点、%3 %4～%5、最後の値 %6</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>%1 を表示</translation>
    </message>
</context>
<context>
    <name>weft::ui::SettingField</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 〜 %2</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>1 行に 1 つ</translation>
    </message>
    <message>
        <source>Back to %1</source>
        <translation>%1 に戻す</translation>
    </message>
    <message>
        <source>on</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>off</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>なし</translation>
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
    <message>
        <source>%1 at step %2: %3 singular values, the largest %4, 99 % of the energy in %5</source>
        <translation>%1、ステップ %2：特異値 %3 個、最大 %4、エネルギーの 99 % は %5 個</translation>
    </message>
    <message>
        <source>noise edge</source>
        <translation>雑音の縁</translation>
    </message>
</context>
<context>
    <name>weft::ui::StatusLine</name>
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
    <message>
        <source>Spectra every step</source>
        <translation>毎ステップのスペクトル</translation>
    </message>
    <message>
        <source>Spectra every %1 steps</source>
        <translation>%1 ステップごとのスペクトル</translation>
    </message>
    <message>
        <source>No more spectra in this run</source>
        <translation>この実行ではもうスペクトルを取らない</translation>
    </message>
    <message>
        <source>%1, not every %2: too slow</source>
        <translation>%1 (%2 ごとでは遅すぎます)</translation>
    </message>
    <message>
        <source>Every %1 steps they took a larger share of the step time than this run allows, so they are taken less often. Choose a cadence to set it by hand; it then stays.</source>
        <translation>%1 ステップごとでは、この実行が許すよりステップ時間の大きな割合を占めたため、間隔が広げられました。ここで間隔を選ぶと、そのまま保たれます。</translation>
    </message>
    <message>
        <source>What the singular values cost: the last measurement, its cadence, its share of the step time. Choose another cadence here.</source>
        <translation>特異値にかかった時間: 最後の測定、その間隔、ステップ時間に占める割合。ここで別の間隔を選べます。</translation>
    </message>
    <message>
        <source>The cadence of the spectra holds from step %1 on</source>
        <translation>スペクトルの間隔はステップ %1 から有効です</translation>
    </message>
    <message>
        <source>%1  step %2</source>
        <translation>%1  ステップ %2</translation>
    </message>
</context>
<context>
    <name>weft::ui::SteerPanel</name>
    <message>
        <source>Steer the run</source>
        <translation>実行を操縦する</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>リセット</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>適用</translation>
    </message>
    <message>
        <source>Stop without saving…</source>
        <translation>保存せずに停止…</translation>
    </message>
    <message>
        <source>Took effect at step %1: %2</source>
        <translation>ステップ %1 から有効：%2</translation>
    </message>
    <message>
        <source>No run goes on: values can be changed from its first step on.</source>
        <translation>進行中の実行がありません。最初のステップから値を変えられます。</translation>
    </message>
    <message>
        <source>Ranks can only be taken away: at most %1 are there.</source>
        <translation>ランクは減らすことしかできません。現在は最大 %1 です。</translation>
    </message>
    <message>
        <source>Asked for; it takes effect between two steps.</source>
        <translation>要求しました。ステップの間に有効になります。</translation>
    </message>
    <message>
        <source>Will take effect at step %1; a checkpoint is written first.</source>
        <translation>ステップ %1 から有効になります。先にチェックポイントを書きます。</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>拒否されました：%1</translation>
    </message>
</context>
<context>
    <name>weft::ui::StepTimeStrip</name>
    <message>
        <source>Measure this machine&apos;s floor</source>
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
        <source>Where a step&apos;s time goes appears here.</source>
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
        <source>Times the matrix products, attention and output layer of one step alone, with this model&apos;s shapes.
Takes about %1 s and the memory of the weights; kept for all runs of these shapes on this machine.</source>
        <translation>このモデルの形状で、1 ステップの行列積、注意、出力層だけの時間を測ります。
約 %1 秒と重み分のメモリーを使います。結果はこのマシンで同じ形状のすべての実行に使われます。</translation>
    </message>
    <message>
        <source>cancelling: the product in progress is finished first</source>
        <translation>キャンセル中：いまの積を終えてから止まります</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
</context>
<context>
    <name>weft::ui::SweepDialog</name>
    <message>
        <source>Sweep</source>
        <translation>スイープ</translation>
    </message>
    <message>
        <source>One run for each combination of the values below; every other setting as it stands in Set up. Separate values with commas.</source>
        <translation>下の値の組み合わせごとに 1 つ実行します。ほかの設定は「設定」のままです。値はコンマで区切ります。</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>値</translation>
    </message>
    <message>
        <source>One more setting</source>
        <translation>設定を追加</translation>
    </message>
    <message>
        <source>Name before what differs</source>
        <translation>違いの前に付ける名前</translation>
    </message>
    <message>
        <source>Runs of the sweep</source>
        <translation>スイープの実行</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>キューに追加</translation>
    </message>
    <message>
        <source>Leave this setting out</source>
        <translation>この設定を外す</translation>
    </message>
    <message>
        <source>now %1</source>
        <translation>現在 %1</translation>
    </message>
    <message>
        <source>Write values such as 1e-4, 2e-4: the runs they make are listed here.</source>
        <translation>1e-4, 2e-4 のように値を書くと、できる実行がここに並びます。</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>%1; together %2</source>
        <translation>%1、合計 %2</translation>
    </message>
    <message>
        <source>one run</source>
        <translation>実行 1 件</translation>
    </message>
    <message>
        <source>%1 runs</source>
        <translation>実行 %1 件</translation>
    </message>
    <message>
        <source>about %1 of training, %2</source>
        <translation>学習は約 %1、%2</translation>
    </message>
    <message>
        <source>time not known: %1</source>
        <translation>時間は不明：%1</translation>
    </message>
    <message>
        <source>Time, about</source>
        <translation>所要時間（約）</translation>
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
<context>
    <name>weft::ui::TryPage</name>
    <message>
        <source>Answers by</source>
        <translation>回答するもの</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>Beside it</source>
        <translation>並べるもの</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>The base model too</source>
        <translation>ベースモデルも</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>強さ</translation>
    </message>
    <message>
        <source>Adapter strength</source>
        <translation>アダプターの強さ</translation>
    </message>
    <message>
        <source>How much of what the adapter changes takes part: 0 is the base, 1 as it was trained, 2 twice as much</source>
        <translation>アダプターの変化をどれだけ効かせるか：0 はベース、1 は学習したまま、2 は 2 倍</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>テンプレート</translation>
    </message>
    <message>
        <source>How prompts are rendered: as the rows that the run trains on, unless you choose another way</source>
        <translation>プロンプトの整形方法。ほかを選ばなければ、実行が学習する行と同じ形です</translation>
    </message>
    <message>
        <source>as in training</source>
        <translation>学習時と同じ</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>モデル自身のもの</translation>
    </message>
    <message>
        <source>none: go on from the text</source>
        <translation>なし：本文の続きを書く</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Mark unsure tokens</source>
        <translation>確信の低いトークンに印</translation>
    </message>
    <message>
        <source>Underlines tokens with a probability below 50 %; point at a token for what else was likely</source>
        <translation>確率が 50 % 未満のトークンに下線を引きます。トークンを指すと、ほかの候補が見えます</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>最初から</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>サンプルを試す</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>Ask something; Ctrl+Enter sends</source>
        <translation>質問してください。Ctrl+Enter で送信</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>送信</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>base</source>
        <translation>ベース</translation>
    </message>
    <message>
        <source>the engine is loading</source>
        <translation>エンジンを読み込み中です</translation>
    </message>
    <message>
        <source>open or make a project first</source>
        <translation>先にプロジェクトを開くか作成してください</translation>
    </message>
    <message>
        <source>choose a run, a PEFT folder or a model first</source>
        <translation>先に実行、PEFT フォルダー、モデルのどれかを選んでください</translation>
    </message>
    <message>
        <source>write a prompt first</source>
        <translation>先にプロンプトを書いてください</translation>
    </message>
    <message>
        <source>an answer is being written</source>
        <translation>回答を書いています</translation>
    </message>
    <message>
        <source>Send the prompt (Ctrl+Enter)</source>
        <translation>プロンプトを送信 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>training waits for the answers</source>
        <translation>学習は回答を待っています</translation>
    </message>
    <message>
        <source>a run goes on: it answers between two steps, and training waits meanwhile</source>
        <translation>実行中です。ステップの間に回答し、その間学習は待ちます</translation>
    </message>
    <message>
        <source>Train an adapter, or choose a model, to talk to it here.</source>
        <translation>アダプターを学習するか、モデルを選ぶと、ここで話せます。</translation>
    </message>
    <message>
        <source>%1 will answer.</source>
        <translation>%1 が答えます。</translation>
    </message>
    <message numerus="yes">
        <source>%n models will answer side by side, with one seed.</source>
        <translation>
            <numerusform>%n 個のモデルが同じシードで並んで答えます。</numerusform>
        </translation>
    </message>
    <message>
        <source>Open an adapter…</source>
        <translation>アダプターを開く…</translation>
    </message>
</context>
<context>
    <name>weft::ui::TurnView</name>
    <message numerus="yes">
        <source>%n tokens</source>
        <translation>
            <numerusform>%n トークン</numerusform>
        </translation>
    </message>
    <message>
        <source>waits</source>
        <translation>待機</translation>
    </message>
    <message>
        <source>writes</source>
        <translation>回答中</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>回答なし</translation>
    </message>
    <message>
        <source>cut at length</source>
        <translation>長さで打ち切り</translation>
    </message>
    <message>
        <source>cut at context</source>
        <translation>文脈長で打ち切り</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>answer of %1</source>
        <translation>%1 の回答</translation>
    </message>
    <message>
        <source>Prompt as sent</source>
        <translation>送信したプロンプト</translation>
    </message>
    <message>
        <source>prompt as sent to %1</source>
        <translation>%1 に送信したプロンプト</translation>
    </message>
    <message>
        <source>template: %1</source>
        <translation>テンプレート：%1</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
</context>
<context>
    <name>weft::ui::WaitStrip</name>
    <message>
        <source>Working</source>
        <translation>作業中</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
</context>
</TS>
