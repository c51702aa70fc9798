// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/session.h"
#include "app/cli/signals.h"
#include "app/run/locations.h"
#include "engine/api/quantize.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string model, codec, out;
  std::int64_t bits = 0;
};

// Of so many bits the one with an offset, which is the nearer of the two where there are two.
std::string codec_of_bits(std::int64_t bits) { return bits == 8 ? "q8_0" : fmt::format("q{}_1", bits); }

Result<std::string> codec_of(const Options& options) {
  const std::string all = join(quantize_codecs(), ", ");
  if (options.bits != 0 && options.bits != 4 && options.bits != 5 && options.bits != 8)
    return invalid_argument(fmt::format("--bits {} is not 4, 5 or 8", options.bits));
  if (options.codec.starts_with("nf4"))
    return unsupported("--codec nf4 has no file that others read: it is made when a model is loaded ([model] storage = \"nf4\"); there are " + all);
  if (options.codec.empty() && options.bits == 0) return invalid_argument("--codec NAME is missing: one of " + all);
  if (options.codec.empty()) return codec_of_bits(options.bits);
  if (options.bits != 0 && options.codec.substr(0, 2) != "q" + std::to_string(options.bits))
    return invalid_argument(fmt::format("--codec {} and --bits {}: one of the two decides; leave the other out", options.codec, options.bits));
  return options.codec;
}

// On a terminal, over itself.
void show_progress(std::size_t done, std::size_t all) {
  const std::string text = done < all ? fmt::format("\rtensor {} of {} ", done + 1, all) : "\r\x1b[K";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void print_report(const QuantizeReport& report, bool quiet) {
  if (!quiet) {
    Table table({"matrix", "", "bits", "error"}, {false, false, true, true});
    std::size_t kept = 0;
    for (const auto& t : report.tensors) {
      if (!t.kept.empty()) ++kept;
      if (t.kept.empty()) table.add({printable(t.name), t.from + " -> " + t.to, significant(t.bits, 3), significant(t.error, 3)});
    }
    print(table.text());
    if (kept > 0) print(fmt::format("{} more tensors are as they were\n", kept));
    print("\n");
  }
  print(fmt::format("wrote {}: {}, {} before; {} bits a number, relative error {} (Frobenius), read back\n", printable(report.path), human_bytes(static_cast<double>(report.bytes)),
                    human_bytes(static_cast<double>(report.bytes_before)), significant(report.bits, 3), significant(report.error, 3)));
}

int work(const Options& options, const Call& call) {
  const auto codec = codec_of(options);
  if (!codec.ok()) return wrong_call(codec.status());
  if (options.out.empty()) return wrong_call(invalid_argument("--out FOLDER is missing: where model.gguf is to be written"));
  if (Status status = check_new_folder(options.out, "--out"); !status.ok()) return failed_or_wrong(status);
  const auto path = find_model(options.model, "");
  if (!path.ok()) return failed(path.status());
  const StopSignals signals([](int) {});
  const bool shown = !call.quiet && is_terminal(STDERR_FILENO);
  const auto go_on = [&signals, shown](std::size_t done, std::size_t all) {
    if (shown) show_progress(done, all);
    return !signals.interrupted();
  };
  const auto report = quantize_model({.model = *path, .codec = *codec, .out = options.out}, go_on);
  if (shown) show_progress(1, 1);
  if (!report.ok()) {
    const int code = failed_or_wrong(report.status());
    return report.status().code() == ErrorCode::Cancelled ? kInterrupted : code;
  }
  if (call.json)
    print_document(to_json(*report));
  else
    print_report(*report, call.quiet);
  return kDone;
}

}  // namespace

void add_quantize(CLI::App& app, Call& call) {
  const Arguments command(app, "quantize", "a model's weights in fewer bits: a GGUF file to train as it is, with error and bits by matrix",
                          "weft-cli quantize model-f16.gguf --codec q4_1 --out small");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file");
  command.text("--codec", options->codec, "GGUF's blocks of 32: " + join(quantize_codecs(), ", ") + "; embeddings and output layer get at least q8_0");
  command.number("--bits", options->bits, 1, 64, "4, 5 or 8 in place of a codec: q4_1, q5_1, q8_0");
  command.text("--out", options->out, "folder to write model.gguf into; must not exist or be empty");
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
