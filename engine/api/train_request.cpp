// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/train_request.h"

#include <fmt/format.h>

#include <sstream>

#include "engine/adapter/presets/preset.h"
#include "engine/api/dropout.h"
#include "engine/api/method_catalogue.h"
#include "engine/core/text_util.h"
#include "engine/plan/evaluation_order.h"

namespace weft {
namespace {

using T = SettingType;

std::vector<RunSection> make_sections() {
  return {
      {"model", "Model",
       {{.key = "path", .title = "Model", .type = T::Path, .initial = "", .help = "A GGUF file or a Hugging Face folder."},
        {.key = "compute", .title = "Compute", .type = T::Choice, .initial = "auto", .choices = {"auto", "fp32", "bf16", "bf16x3"},
         .help = "Precision of the matrix products: bf16 rounds what is multiplied and adds up in fp32; bf16x3 takes three such products for a relative error of "
                 "about 5e-6, faster than fp32 only with AMX. Auto is bf16 where the processor multiplies it fast (AVX-512 BF16, AMX), else fp32.", .advanced = true},
        {.key = "products", .title = "Made by", .type = T::Choice, .initial = "auto", .choices = {"auto", "own", "library"},
         .help = "What makes the fp32 products of weights that are stored as fp32: auto tries each shape once on this machine, WEFT's kernels against "
                 "the library that LibTorch brings (MKL), and keeps what was found. Packed, half and nf4 weights, and bf16, are always WEFT's own.",
         .advanced = true},
        {.key = "storage", .title = "Storage", .type = T::Choice, .initial = "auto",
         .choices = {"auto", "fp32", "bf16", "nf4", "nf4-double", "as-is"},
         .help = "How the frozen weights are kept in memory; auto and as-is leave them as they lie in the file. nf4 (QLoRA) rounds the linear "
                 "layers to 4.5 bits a weight, nf4-double their scales as well, to 4.13 bits; embeddings, norms and output layer stay as they are. A merge still takes the file's own weights.",
         .advanced = true}}},
      {"data", "Data",
       {{.key = "path", .title = "Data", .type = T::Path, .initial = "", .help = "JSONL, JSON, CSV, plain text or token file."},
        {.key = "format", .title = "Format", .type = T::Choice, .initial = "auto",
         .choices = {"auto", "alpaca", "messages", "sharegpt", "prompt-completion", "text", "tokens"},
         .help = "How rows are read; auto finds it from the columns."},
        {.key = "prompt_column", .title = "Prompt column", .type = T::Text, .initial = "",
         .help = "The column with the question or instruction; empty finds it by its name.", .advanced = true},
        {.key = "input_column", .title = "Input column", .type = T::Text, .initial = "",
         .help = "A column that is put below the prompt, such as a context; empty finds it by its name.", .advanced = true},
        {.key = "answer_column", .title = "Answer column", .type = T::Text, .initial = "",
         .help = "The column that is learned; empty finds it by its name.", .advanced = true},
        {.key = "messages_column", .title = "Messages column", .type = T::Text, .initial = "",
         .help = "The column with a list of messages; empty finds it by its name.", .advanced = true},
        {.key = "text_column", .title = "Text column", .type = T::Text, .initial = "",
         .help = "The column with plain text; empty finds it by its name.", .advanced = true},
        {.key = "template", .title = "Template", .type = T::Text, .initial = "auto",
         .help = "Chat template: auto is the model's own, else a named one (chatml, alpaca, plain) or a file.", .advanced = true},
        {.key = "train_on", .title = "Train on", .type = T::Choice, .initial = "assistant", .choices = {"assistant", "all"},
         .help = "Which tokens the loss counts: the answers only, or everything."},
        {.key = "max_length", .title = "Longest row", .type = T::Integer, .initial = 512, .min = 8, .max = 131072,
         .unit = "tokens", .help = "The longest sequence: what is longer is cut at its end; memory grows with it."},
        {.key = "pack", .title = "Pack short rows", .type = T::Boolean, .initial = true,
         .help = "Several short rows share one batch line; they never attend to each other.", .advanced = true},
        {.key = "shuffle", .title = "Shuffle", .type = T::Boolean, .initial = true,
         .help = "New order every epoch; off keeps the file's order.", .advanced = true},
        {.key = "holdout", .title = "Held out", .type = T::Real, .initial = 0.05, .min = 0.0, .max = 0.9,
         .help = "Share of the rows kept aside to measure the loss on rows that are not trained."},
        {.key = "seed", .title = "Data seed", .type = T::Integer, .initial = 1, .min = 0, .max = 2147483647,
         .help = "Decides the hold-out split and the order.", .advanced = true}}},
      {"method", "Method",
       {{.key = "name", .title = "Method", .type = T::Text, .initial = "lora", .help = "The adapter method."}}},
      {"train", "Run",
       {{.key = "steps", .title = "Steps", .type = T::Integer, .initial = 60, .min = 0, .max = 10000000,
         .help = "Optimizer steps; 0 takes the number from epochs."},
        {.key = "epochs", .title = "Epochs", .type = T::Real, .initial = 0.0, .min = 0.0, .max = 10000,
         .help = "Passes over the data, in place of a number of steps."},
        {.key = "batch_tokens", .title = "Tokens a batch", .type = T::Integer, .initial = 1024, .min = 8, .max = 4194304,
         .unit = "tokens", .help = "Rows are packed up to this many tokens; memory grows with it."},
        {.key = "batch_size", .title = "Rows a batch", .type = T::Integer, .initial = 0, .min = 0, .max = 65536, .unit = "rows",
         .help = "Batch size in rows instead of tokens; 0 goes by tokens.", .advanced = true},
        {.key = "accumulate", .title = "Accumulate", .type = T::Integer, .initial = 1, .min = 1, .max = 65536, .unit = "batches",
         .help = "Gradient accumulation: batches whose gradients are added before one step, weighted by their trained tokens."},
        {.key = "lr", .title = "Learning rate", .type = T::Real, .initial = 2e-4, .min = 0.0, .max = 10.0,
         .help = "Step size at its highest; too high makes the loss jump."},
        {.key = "schedule", .title = "Schedule", .type = T::Choice, .initial = "cosine", .choices = {"constant", "linear", "cosine"},
         .help = "How the learning rate falls after the warm-up."},
        {.key = "warmup", .title = "Warm-up", .type = T::Real, .initial = 0.03, .min = 0.0, .max = 1000000,
         .help = "Below 1 a share of the steps, else a number of steps, in which the learning rate rises.", .advanced = true},
        {.key = "optimizer", .title = "Optimizer", .type = T::Choice, .initial = "adamw", .choices = {"adamw", "lora-rite", "lora-pro"},
         .help = "AdamW: decoupled weight decay. lora-rite and lora-pro change B and A of a matrix together (LoRA, rsLoRA and LoRA+ alone): the first whatever "
                 "way their product is split, the second as the gradient of the whole matrix would, with two numbers of memory for each of its weights.",
         .advanced = true},
        {.key = "beta1", .title = "Beta 1", .type = T::Real, .initial = 0.9, .min = 0.0, .max = 0.999999,
         .help = "Memory of the gradient.", .advanced = true},
        {.key = "beta2", .title = "Beta 2", .type = T::Real, .initial = 0.999, .min = 0.0, .max = 0.9999999,
         .help = "Memory of the squared gradient.", .advanced = true},
        {.key = "eps", .title = "Epsilon", .type = T::Real, .initial = 1e-8, .min = 0.0, .max = 1.0,
         .help = "Keeps the division finite.", .advanced = true},
        {.key = "weight_decay", .title = "Weight decay", .type = T::Real, .initial = 0.0, .min = 0.0, .max = 10.0,
         .help = "Shrinks the adapter a little each step.", .advanced = true},
        {.key = "grad_clip", .title = "Clip gradient", .type = T::Real, .initial = 1.0, .min = 0.0, .max = 1e9,
         .help = "Longest gradient allowed, as 2-norm over all adapters; 0 turns it off.", .advanced = true},
        {.key = "layers_at_first", .title = "Layers at first (CopRA)", .type = T::Real, .initial = 1.0, .min = 0.0, .max = 1.0,
         .help = "Share of the layers whose adapters take part in the first step; others are drawn at each, and the share rises to all over three quarters of "
                 "the run. 1 always takes all; CopRA's successor takes 0.1. For adapters that merge and prune better, and steps that cost a little less.", .advanced = true},
        {.key = "weight_noise", .title = "Weight noise (Flat-LoRA)", .type = T::Real, .initial = 0.0, .min = 0.0, .max = 1.0,
         .help = "Normal noise on the merged weights while they are trained, as a share of each row's length; it rises from none over the run. For adapters that "
                 "stand small changes of the weights, at some time a step. 0: none; Flat-LoRA takes 0.05.", .advanced = true},
        {.key = "seed", .title = "Seed", .type = T::Integer, .initial = 1, .min = 0, .max = 2147483647,
         .help = "Decides the adapter's start; the same seed repeats a run bit for bit on one machine.", .advanced = true},
        {.key = "eval_every", .title = "Evaluate every", .type = T::Integer, .initial = 20, .min = 0, .max = 10000000,
         .unit = "steps", .help = "Loss on the held-out rows, also at the start and the end; 0 never."},
        {.key = "patience", .title = "Patience", .type = T::Integer, .initial = 0, .min = 0, .max = 1000000, .unit = "evaluations",
         .help = "Early stopping: ends the run when so many evaluations in a row have not lowered the loss on held-out rows; 0 trains to the last step.", .advanced = true},
        {.key = "min_delta", .title = "Least fall", .type = T::Real, .initial = 0.0, .min = 0.0, .max = 1000.0, .unit = "nats",
         .help = "How far the loss on held-out rows must fall below the last time that counted, to count for patience.", .advanced = true},
        {.key = "checkpoint_every", .title = "Checkpoint every", .type = T::Integer, .initial = 20, .min = 0, .max = 10000000,
         .unit = "steps", .help = "State to go on from, also at the end; 0 only at the end."},
        {.key = "keep_checkpoints", .title = "Keep checkpoints", .type = T::Integer, .initial = 0, .min = 0, .max = 1000000,
         .help = "Only the last so many stay, and the best one; 0 keeps all. Fewer take less of the disk.", .advanced = true},
        {.key = "evaluation", .title = "Order of products", .type = T::Text, .initial = "auto",
         .help = "How W x + B A x and its gradients are evaluated (RunLoRA): auto keeps A x; flops takes the fewest operations, timed the fastest "
                 "by trial (another run may choose otherwise); or a pair such as F2+B5. All but auto keep no A x: less memory.", .advanced = true},
        {.key = "activations", .title = "Activations", .type = T::Choice, .initial = "auto", .choices = {"auto", "keep", "cheap", "drop", "checkpoint"},
         .help = "What the layers keep for the backward pass, from most memory to least; the numbers are the same. Auto is cheap where that fits, "
                 "else the fastest that does.", .advanced = true},
        {.key = "preflight", .title = "Preflight", .type = T::Choice, .initial = "auto", .choices = {"auto", "always", "never"},
         .help = "One pass forward and backward on the longest batch before step 1: its loss must be finite, and its peak of memory is recorded. Auto does "
                 "it where the plan takes more than half of the memory there is; the run's numbers are the same.", .advanced = true},
        {.key = "threads", .title = "Threads", .type = T::Integer, .initial = 0, .min = 0, .max = 1024,
         .help = "Worker threads; 0 takes one a core.", .advanced = true}}},
      {"dropout", "Dropout", dropout_settings(), dropout_initial},
      {"probe", "Spectra",
       {{.key = "spectra_every", .title = "Spectra every", .type = T::Integer, .initial = 5, .min = 0, .max = 10000000,
         .unit = "steps", .help = "How often the singular values are taken; 0 never."},
        {.key = "max_share", .title = "Most time for spectra", .type = T::Real, .initial = 0.02, .min = 0.0, .max = 1.0,
         .help = "When spectra take a larger share of the step time they are taken less often, and the log says so; 0 sets no limit.",
         .advanced = true}}},
      {"samples", "Samples",
       {{.key = "prompts", .title = "Prompts", .type = T::Lines, .initial = Json::array(),
         .help = "Answered while it trains, by the base and by the adapter as it is then; none: no samples. The run is the same with and without them."},
        {.key = "every", .title = "Sample every", .type = T::Integer, .initial = 20, .min = 0, .max = 10000000, .unit = "steps",
         .help = "How often the prompts are answered, also at the end; 0 only at the end. Training waits for the answers."},
        {.key = "max_tokens", .title = "Longest answer", .type = T::Integer, .initial = 48, .min = 1, .max = 4096, .unit = "tokens",
         .help = "Answers are cut there; their time grows with it."},
        {.key = "temperature", .title = "Temperature", .type = T::Real, .initial = 0.0, .min = 0.0, .max = 10.0,
         .help = "0 always takes the likeliest token, so that answers differ by training alone; above, tokens are drawn with the run's seed.", .advanced = true}}},
  };
}

constexpr std::size_t kMostPrompts = 16, kLongestPrompt = 16384;

Status check_prompts(const SettingValues& samples) {
  const auto prompts = sample_prompts(samples);
  if (prompts.size() > kMostPrompts) return invalid_argument(fmt::format("[samples] has {} prompts; at most {} are answered while training", prompts.size(), kMostPrompts));
  for (std::size_t i = 0; i < prompts.size(); ++i)
    if (prompts[i].size() > kLongestPrompt)
      return invalid_argument(fmt::format("[samples] prompt {} has {} bytes; at most {} are taken", i + 1, prompts[i].size(), kLongestPrompt));
  return {};
}

}  // namespace

const std::vector<RunSection>& run_sections() {
  static const std::vector<RunSection> sections = make_sections();
  return sections;
}

SettingValues& TrainRequest::section(const std::string& name) {
  return const_cast<SettingValues&>(std::as_const(*this).section(name));
}

const SettingValues& TrainRequest::section(const std::string& name) const {
  if (name == "model") return model;
  if (name == "data") return data;
  if (name == "method") return method;
  if (name == "train") return train;
  if (name == "dropout") return dropout;
  if (name == "samples") return samples;
  return probe;
}

Result<TrainRequest> validate(const TrainRequest& request) {
  TrainRequest complete = request;
  for (const auto& section : run_sections()) {
    if (section.name == "method") continue;
    const SettingValues& given = request.section(section.name);
    std::vector<SettingSpec> specs = section.specs;
    for (auto& spec : specs) spec.initial = section.initial_value(given, spec);
    WEFT_ASSIGN_OR_RETURN(complete.section(section.name), complete_settings(specs, given, section.name));
  }
  if (complete.model["path"].get_ref<const std::string&>().empty())
    return invalid_argument("[model] path is missing: name a GGUF file or a Hugging Face folder");
  if (complete.data["path"].get_ref<const std::string&>().empty())
    return invalid_argument("[data] path is missing: name a JSONL, JSON, CSV, text or token file");
  if (complete.train["steps"].get<std::int64_t>() == 0 && complete.train["epochs"].get<double>() <= 0)
    return invalid_argument("[train] steps and epochs are both 0: say how long to train");
  WEFT_ASSIGN_OR_RETURN(const EvaluationPolicy evaluation, evaluation_policy(complete.train["evaluation"].get<std::string>()));
  WEFT_ASSIGN_OR_RETURN(const Dropout dropout, dropout_of(complete.dropout));
  if (const std::string why = refusal(evaluation.fixed, {.bf16 = complete.model["compute"] == "bf16", .dropout = dropout.adapter.active()}); !why.empty())
    return invalid_argument("[train] evaluation: " + why);

  if (const auto patience = complete.train["patience"].get<std::int64_t>(); patience > 0) {
    const char* off = complete.train["eval_every"].get<std::int64_t>() == 0 ? "[train] eval_every = 0" : complete.data["holdout"].get<double>() <= 0 ? "[data] holdout = 0" : nullptr;
    if (off) return invalid_argument(fmt::format("[train] patience = {} waits for the loss on held-out rows to fall, but {} turns evaluation off: set one of them", patience, off));
  }
  WEFT_RETURN_IF_ERROR(check_prompts(complete.samples));

  const bool named = request.method.is_object() && request.method.contains("name");
  if (!named && !request.init_adapter.empty()) {
    if (request.method.is_object() && !request.method.empty())
      return invalid_argument("[method] has settings but no name; with --init-adapter leave [method] out or name the method");
    complete.method = Json::object();  // the adapter's own configuration decides
    return complete;
  }
  const Json name = named ? request.method["name"] : Json("lora");
  if (!name.is_string()) return invalid_argument("[method] name must be text");
  WEFT_ASSIGN_OR_RETURN(const MethodDescriptor* method, find_method(name.get<std::string>()));
  WEFT_ASSIGN_OR_RETURN(const MethodPreset* preset, find_preset(method->name));
  WEFT_RETURN_IF_ERROR(check_dropout(*preset, dropout));
  SettingValues settings = request.method.is_object() ? request.method : Json(Json::object());
  settings.erase("name");
  WEFT_ASSIGN_OR_RETURN(settings, complete_settings(method->settings, settings, "method"));
  if (settings.contains("target_rank") && settings["target_rank"].get<std::int64_t>() > settings["rank"].get<std::int64_t>())
    return invalid_argument(fmt::format("[method] target_rank = {} is above rank = {}: ranks are taken away, so begin with more", settings["target_rank"].get<std::int64_t>(),
                                        settings["rank"].get<std::int64_t>()));
  if (const std::string start = settings.value("start", ""); (start == "loftq" || start == "lq") && complete.model["storage"] != "nf4" && complete.model["storage"] != "nf4-double")
    return invalid_argument(fmt::format("[method] start = \"{}\" gives back what nf4 takes from the weights: set [model] storage = \"nf4\", or choose another start", start));
  if (method->allots_ranks && complete.train["layers_at_first"].get<double>() < 1)
    return invalid_argument(fmt::format("[train] layers_at_first below 1 lets matrices rest, but {} compares the gradients of all of them at every step; set it to 1", method->title));
  if (const auto& optimizer = complete.train["optimizer"].get_ref<const std::string&>(); optimizer != "adamw" && !method->pairs)
    return invalid_argument(fmt::format("[train] optimizer = \"{}\" changes B and A of a matrix together, and {} does not train exactly those two; take \"adamw\"",
                                        optimizer, method->title));
  complete.method = Json::object();
  complete.method["name"] = method->name;
  for (const auto& [key, value] : settings.items()) complete.method[key] = value;
  for (const auto& edit : complete.edits) {
    if (edit.step < 1) return invalid_argument("edit " + to_text(edit) + " names no step: write, for example, 40:" + to_text(edit));
    if (Status status = check_edit(edit, complete); !status.ok()) return status.with_context("edit " + to_text(edit));
  }
  return complete;
}

std::vector<std::string> sample_prompts(const SettingValues& samples) {
  std::vector<std::string> prompts;
  if (!samples.is_object() || !samples.contains("prompts")) return prompts;
  const auto add = [&](const std::string& text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from != std::string::npos) prompts.push_back(text.substr(from, text.find_last_not_of(" \t\r\n") + 1 - from));
  };
  const Json& given = samples["prompts"];
  if (given.is_array()) {
    for (const auto& prompt : given)
      if (prompt.is_string()) add(prompt.get<std::string>());
  } else if (given.is_string()) {
    std::istringstream lines(given.get<std::string>());
    for (std::string line; std::getline(lines, line);) add(line);
  }
  return prompts;
}

Json to_json(const TrainRequest& request) {
  Json json = Json::object();
  for (const auto& section : run_sections()) json[section.name] = request.section(section.name);
  if (!request.init_adapter.empty()) json["init_adapter"] = request.init_adapter;
  for (const auto& edit : request.edits) json["edits"].push_back(to_json(edit));
  return json;
}

Result<TrainRequest> train_request_from_json(const Json& json) {
  if (!json.is_object()) return corrupt("a run's settings must be a JSON object");
  TrainRequest request;
  std::vector<std::string> names;
  for (const auto& section : run_sections()) names.push_back(section.name);
  for (const auto& [key, value] : json.items()) {
    if (key == "init_adapter" && value.is_string()) {
      request.init_adapter = value.get<std::string>();
      continue;
    }
    if (key == "edits" && value.is_array()) {
      for (const auto& item : value) {
        WEFT_ASSIGN_OR_RETURN(RunEdit edit, run_edit_from_json(item));
        request.edits.push_back(std::move(edit));
      }
      continue;
    }
    bool known = false;
    for (const auto& name : names) known = known || name == key;
    if (!known) {
      const std::string near = nearest_name(key, names);
      return invalid_argument("unknown section [" + key + "]" + (near.empty() ? "" : "; did you mean [" + near + "]?"));
    }
    if (!value.is_object()) return invalid_argument("[" + key + "] must be a table of settings");
    request.section(key) = value;
  }
  return request;
}

}  // namespace weft
