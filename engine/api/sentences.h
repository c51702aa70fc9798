// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says to people beside settings and methods, in English, each once: what more than one place needs, or a comparison. {} are the values: a window
// finds the sentence again by what stands around them and says it in its own language, those that a project has kept as well (said_sentence.h). Constants; any thread.
#pragma once

namespace weft::sentences {

// name, text. Several in one line are parted by "; ", which no value has.
#define WEFT_SENTENCES(X)                                                                                                                             \
  X(RankOneSpikeTitle, "rank-1 spike")                                                                                                                \
  X(RankOneSpike, "At step {} one direction holds over {:.0f} % of the update's energy in {} of {} matrices; most at {}: {:.1f} %, where it was {:.0f} % before.") \
  X(DeadDirectionsTitle, "dead directions")                                                                                                           \
  X(DeadDirections, "At step {} {} of {} directions ({:.0f} %), in {} matrices, are under a thousandth of their matrix's largest.")                   \
  X(NormRunawayTitle, "norm runaway")                                                                                                                 \
  X(NormRunaway, "From step {} to {} the update's norm grew more than {:g} times in {} of {} matrices; most at {}: {:.1f} times, at a learning rate that did not rise.") \
  X(PlateauTitle, "plateau")                                                                                                                          \
  X(Plateau, "The training loss was {:.4g} ± {:.1g} over steps {:.0f} to {:.0f} and {:.4g} ± {:.1g} over steps {:.0f} to {:.0f}.")                    \
  X(OverfitGapTitle, "overfit gap")                                                                                                                   \
  X(OverfitGap, "The loss on held-out rows is {:.4g} at step {:.0f}; its lowest was {:.4g} at step {:.0f}. The training loss fell from {:.4g} to {:.4g} meanwhile.") \
  X(RowsOfAtMost, "Rows of at most {} tokens")                                                                                                        \
  X(RowsOfAtMostOneEach, "Rows of at most {} tokens, a batch each")                                                                                   \
  X(BatchesOfRows, "Batches of {} rows, {} a step")                                                                                                   \
  X(BatchesOfTokens, "Batches of {} tokens, {} a step")                                                                                               \
  X(KeepLess, "Keep less of the activations ({})")                                                                                                    \
  X(StoreNf4, "Store the frozen weights as nf4")                                                                                                      \
  X(AdaptTwo, "Adapt q_proj and v_proj alone")                                                                                                        \
  X(LowerRank, "A rank of {}")                                                                                                                        \
  X(RowsLoseEnds, "longer rows lose their ends")                                                                                                      \
  X(SameStepSlower, "the same step, a little slower")                                                                                                 \
  X(SameNumbersSlower, "the same numbers, slower")                                                                                                    \
  X(BaseIsRounded, "the base is rounded to 4.5 bits a weight")                                                                                        \
  X(LessCanBeLearned, "less can be learned")                                                                                                          \
  X(MeasuredTooMuch, "[plan] {} took {} and {} are available")                                                                                        \
  X(OneCheckpointTooMuch, "a checkpoint takes {} and {} are free: nothing that is trained could be kept")                                             \
  X(CheckpointsTooMuch, "{} checkpoints of {} take {} and {} are free: the run will pause when there is no room for the next")                        \
  X(CheapNeedsTooMuch, "activations = \"cheap\" needs {}, {} with a tenth to spare, and {} are available: taken is \"{}\", which needs {}; the same numbers, only slower") \
  X(CheapNeedsTooMuchNoneSpare, "activations = \"cheap\" needs {}, {} with a tenth to spare, and {} are available: taken is \"{}\", which needs {}, the least there is, with hardly anything to spare; the same numbers, only slower") \
  X(ActivationsInLayer, "{} in {} layer")                                                                                                             \
  X(ActivationsInLayers, "{} in {} layers")                                                                                                           \
  X(ProgramPart, "program and libraries")                                                                                                             \
  X(WeightsMapped, "the mapped file, no copy")                                                                                                        \
  X(WeightsCopied, "the mapped file, and copies of what is not read where it lies")                                                                   \
  X(AdapterAdamW, "parameters, gradients, two moments of AdamW")                                                                                      \
  X(AdapterRite, "parameters, gradients, moments and bases of LoRA-RITE")                                                                             \
  X(AdapterPro, "parameters, gradients, and two moments of every adapted weight for LoRA-Pro")                                                        \
  X(FactorsPart, "what each matrix reads is made of fewer parameters, and has gradients of its own")                                                  \
  X(ActivationsPart, "what the backward pass needs of {} tokens")                                                                                     \
  X(WorkPart, "gradients of one layer and what is formed again in it")                                                                                \
  X(OutputPart, "a tile of logits, hidden rows and their gradient")                                                                                   \
  X(OutputPartTwoPasses, "a tile of logits and hidden rows of both passes, and gradients")                                                            \
  X(DataPart, "rows of tokens and labels")                                                                                                            \
  X(TensorCore, "core {} x {} x {} x {}")                                                                                                             \
  X(ExactLora, "EXACT LoRA @{}")                                                                                                                      \
  X(ExactLoraFromTo, "EXACT LoRA @{} to {}")                                                                                                          \
  X(ExactLoraInTheMean, "EXACT LoRA @{} in the mean")                                                                                                 \
  X(ExactLoraFound, "EXACT LoRA @k found by the run")                                                                                                 \
  X(ExactVia, "EXACT via {}")                                                                                                                         \
  X(LoraConfigWithDora, "LoraConfig with use_dora")                                                                                                   \
  X(ExactMerged, "EXACT merged weights")                                                                                                              \
  X(MergedOnly, "MERGED ONLY")                                                                                                                        \
  X(ProjectOnly, "PROJECT ONLY")                                                                                                                      \
  X(ApproximateSvd, "APPROX SVD @k, energy e")                                                                                                        \
  X(PeftFolder, "PEFT folder")                                                                                                                        \
  X(PeftFolderOfRank, "PEFT folder; you choose k and the export says e, or the other way round")                                                                                 \
  X(PeftHasNone, "PEFT has no {}, and the update has full rank")                                                                                      \
  X(WholeModel, "whole model, Hugging Face folder")                                                                                                   \
  X(WholeModelOneFile, "whole model as one file for llama.cpp, of a base that is a GGUF file")                                                        \
  X(GgufAdapter, "GGUF adapter for llama.cpp")                                                                                                        \
  X(GgufAdapterNeedsFactors, "a GGUF adapter is a product of two factors, which this update is not")                                                  \
  X(FoundFromColumn, "found by itself from the column {}")                                                                                            \
  X(FoundFromColumns, "found by itself from the columns {}")                                                                                          \
  X(AskedColumn, "as asked, with the column {}")                                                                                                      \
  X(AskedColumns, "as asked, with the columns {}")                                                                                                    \
  X(NotUsed, "not used: {}")                                                                                                                          \
  X(FigureSteps, "steps")                                                                                                                             \
  X(FigureLoss, "training loss, last step")                                                                                                           \
  X(FigureHeldOut, "held-out loss, last")                                                                                                             \
  X(FigureHeldOutBest, "held-out loss, best")                                                                                                         \
  X(FigureAccuracy, "held-out accuracy, last")                                                                                                        \
  X(FigureSpeed, "tokens/s, median")                                                                                                                  \
  X(FigureMemory, "memory at most")                                                                                                                   \
  X(FigureTrainable, "trainable parameters")                                                                                                          \
  X(FigureTokens, "tokens seen")                                                                                                                      \
  X(FigureDuration, "duration")                                                                                                                       \
  X(FigureEnergy, "energy of the update, all matrices")                                                                                               \
  X(FigureStableRank, "stable rank, mean")                                                                                                            \
  X(FigureEffectiveRank, "effective rank, mean")                                                                                                      \
  X(OtherModels, "The runs adapt different models: a loss says little across them unless both split text into the same tokens.")                      \
  X(OtherData, "The runs read different data: their losses are taken on different rows.")                                                             \
  X(LossNotFinite, "loss not finite from step {:.0f} on")                                                                                             \
  X(EndedAtStep, "{} at step {} of {}")                                                                                                               \
  X(NoSteps, "no steps recorded")                                                                                                                     \
  X(NoSpectra, "no spectra")                                                                                                                          \
  X(Interrupted, "interrupted")

#define WEFT_SENTENCE(name, text) inline constexpr char k##name[] = text;
WEFT_SENTENCES(WEFT_SENTENCE)
#undef WEFT_SENTENCE

#define WEFT_SENTENCE(name, text) text,
inline constexpr const char* kAll[] = {WEFT_SENTENCES(WEFT_SENTENCE)};
#undef WEFT_SENTENCE
#undef WEFT_SENTENCES

}  // namespace weft::sentences
