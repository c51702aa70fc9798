// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/picture_options.h"
#include "app/run/report/inspect_pictures.h"
#include "engine/api/engine_loader.h"
#include "engine/api/spectrum_law.h"

namespace weft::cli {
namespace {

struct Options {
  std::string adapter, base, site, other;
  bool decompose = false;
  PictureOptions pictures;
};

void add_noise(Json& to, const NoiseBand& noise) {
  to["noise_edge"] = noise.upper > 0 ? Json(noise.upper) : Json(nullptr);
  to["above_noise"] = noise.upper > 0 ? Json(noise.above) : Json(nullptr);
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const InspectReply& reply, bool with_base) {
  Json sites = Json::array();
  for (std::size_t i = 0; i < reply.spectra.size(); ++i) {
    const SpectrumEvent& s = reply.spectra[i];
    Json site = {{"site", s.site}};
    if (i < reply.sites.size()) {
      const SiteShape& shape = reply.sites[i];
      site.update({{"module", shape.module},
                   {"layer", shape.layer},
                   {"out", shape.out},
                   {"in", shape.in},
                   {"rank", shape.rank}});
      add_noise(site, noise_of(s.singular_values, shape));
    }
    site.update({{"singular_values", s.singular_values},
                 {"effective_rank", number(s.effective_rank)},
                 {"stable_rank", number(s.stable_rank)},
                 {"energy_rank_90", s.energy_rank_90},
                 {"energy_rank_95", s.energy_rank_95},
                 {"energy_rank_99", s.energy_rank_99},
                 {"frobenius", number(s.frobenius)}});
    site["magnitude_change"] = with_base ? number(s.magnitude_change) : Json(nullptr);
    site["direction_change"] = with_base ? number(s.direction_change) : Json(nullptr);
    sites.push_back(std::move(site));
  }
  return {{"method", reply.method}, {"parameters", reply.parameters}, {"sites", sites}};
}

void print_reply(const InspectReply& reply, bool with_base) {
  print(fmt::format("{}, {} parameters at {} matrices\n", printable(reply.method), grouped(reply.parameters),
                    reply.spectra.size()));
  Table table({"site", "shape", "rank", "s1", "effective", "stable", "90/95/99 %", "above noise", "norm", "magnitude", "direction"},
              {false, true, true, true, true, true, true, true, true, true, true});
  for (std::size_t i = 0; i < reply.spectra.size(); ++i) {
    const SpectrumEvent& s = reply.spectra[i];
    const bool known = i < reply.sites.size();
    const NoiseBand noise = known ? noise_of(s.singular_values, reply.sites[i]) : NoiseBand{};
    table.add({s.site, known ? fmt::format("{}x{}", reply.sites[i].out, reply.sites[i].in) : "",
               known ? std::to_string(reply.sites[i].rank) : "",
               s.singular_values.empty() ? "-" : significant(s.singular_values[0], 4),
               fmt::format("{:.2f}", s.effective_rank), fmt::format("{:.2f}", s.stable_rank),
               fmt::format("{}/{}/{}", s.energy_rank_90, s.energy_rank_95, s.energy_rank_99),
               noise.upper > 0 ? std::to_string(noise.above) : "-",
               significant(s.frobenius, 4), with_base ? significant(s.magnitude_change, 3) : "-",
               with_base ? significant(s.direction_change, 3) : "-"});
  }
  print(table.text());
  if (!with_base) print("magnitude and direction change need the model: --base MODEL\n");
}

Json to_json(const MatrixPicture& p) {
  return {{"name", p.name}, {"rows", p.rows}, {"columns", p.columns}, {"cell_rows", p.cell_rows}, {"cell_columns", p.cell_columns},
          {"cells", p.cells}, {"largest", p.largest}, {"frobenius", number(p.frobenius)}};
}

struct Scatter {
  std::vector<double> direction, magnitude;
  Regression line;
};

Scatter scatter_of(const std::vector<MatrixChange>& changes, double MatrixChange::* direction, double MatrixChange::* magnitude) {
  Scatter s;
  for (const auto& c : changes) {
    s.direction.push_back(c.*direction);
    s.magnitude.push_back(c.*magnitude);
  }
  s.line = regression_of(s.direction, s.magnitude);
  return s;
}

Json to_json(const CloseUpReply& reply) {
  Json json = {{"method", reply.method}, {"step", reply.step}, {"site", reply.shown.path}, {"out", reply.shown.out}, {"in", reply.shown.in},
               {"rank", reply.shown.rank}, {"pictures", Json::array()}, {"bonds", Json::object()},
               {"output_angles", reply.output_angles}, {"input_angles", reply.input_angles}};
  for (const auto& p : reply.pictures) json["pictures"].push_back(to_json(p));
  json["singular_values"] = reply.spectrum.singular_values;
  add_noise(json, noise_of(reply.spectrum.singular_values, reply.shown));
  if (!reply.difference.singular_values.empty()) json["difference"] = {{"singular_values", reply.difference.singular_values}, {"frobenius", number(reply.difference.frobenius)}};
  if (!reply.base.values.empty())
    json["base"] = {{"singular_values", reply.base.values}, {"leading", reply.base.leading}, {"output_energy", reply.base.output_energy}, {"input_energy", reply.base.input_energy}, {"ms", reply.base.ms}};
  for (const auto& b : reply.bonds) json["bonds"][b.name] = b.values;
  if (reply.changes.empty()) return json;
  json["rows"] = {{"before", reply.rows.before}, {"after", reply.rows.after}};
  json["columns"] = {{"before", reply.columns.before}, {"after", reply.columns.after}};
  json["changes"] = Json::array();
  for (const auto& c : reply.changes) {
    Json change = {{"site", c.site}, {"row_magnitude", c.row_magnitude}, {"row_direction", c.row_direction}};
    if (reply.columns_changed) change.update({{"column_magnitude", c.column_magnitude}, {"column_direction", c.column_direction}});
    json["changes"].push_back(std::move(change));
  }
  const auto line = [&](const char* name, double MatrixChange::* direction, double MatrixChange::* magnitude) {
    const Regression r = scatter_of(reply.changes, direction, magnitude).line;
    json[name] = {{"slope", r.slope}, {"intercept", r.intercept}, {"pearson_r", r.r}};
  };
  line("rows_regression", &MatrixChange::row_direction, &MatrixChange::row_magnitude);
  if (reply.columns_changed) line("columns_regression", &MatrixChange::column_direction, &MatrixChange::column_magnitude);
  return json;
}

std::string length_text(const LengthChange& lengths) {
  double least = 1e300, most = 0, mean = 0;
  for (std::size_t i = 0; i < lengths.before.size(); ++i) {
    const double ratio = lengths.after[i] / std::max(1e-30F, lengths.before[i]);
    least = std::min(least, ratio);
    most = std::max(most, ratio);
    mean += ratio / static_cast<double>(lengths.before.size());
  }
  return fmt::format("{} lengths, {} to {} times what they were, {} on average", grouped(static_cast<std::int64_t>(lengths.before.size())),
                     significant(least, 5), significant(most, 5), significant(mean, 5));
}

std::string angles_text(const std::vector<float>& angles) {
  std::string text;
  for (const float a : angles) text += fmt::format("{}{:.1f}", text.empty() ? "" : ", ", a);
  return text;
}

void print_base(const CloseUpReply& reply) {
  const BaseDecomposition& base = reply.base;
  if (base.values.empty()) return;
  print(fmt::format("W has singular values from {} to {}{}\n", significant(base.values.front(), 4), significant(base.values.back(), 4),
                    base.leading ? fmt::format(" (the {} largest; it is too large to decompose whole)", base.values.size()) : ""));
  if (base.output_energy.empty()) return print("the update is zero: none of it lies along them\n");
  const EndShares ends = end_shares(reply);
  print(fmt::format("its top {} directions hold {:.1f} % of the update's outputs and {:.1f} % of its inputs", ends.count, 100 * ends.top_outputs, 100 * ends.top_inputs));
  if (!base.leading) print(fmt::format(", its bottom {} {:.1f} % and {:.1f} %", ends.count, 100 * ends.bottom_outputs, 100 * ends.bottom_inputs));
  print(fmt::format("; by chance {:.1f} % and {:.1f} %\n", 100 * ends.chance_outputs, 100 * ends.chance_inputs));
}

// What lower ranks would keep of the update, and cost in all matrices.
void print_ranks(const CloseUpReply& reply) {
  const auto& s = reply.spectrum;
  if (s.singular_values.empty() || !(s.singular_values.front() > 0)) return;
  if (const NoiseBand noise = noise_of(s.singular_values, reply.shown); noise.upper > 0)
    print(fmt::format("{} of {} directions stand above {}, where noise of the strength of the middle one would end\n", noise.above, s.singular_values.size(), significant(noise.upper, 3)));
  Table table({"at rank", "keeps", "parameters, all matrices"}, {true, true, true});
  for (std::int64_t rank = 1; rank <= static_cast<std::int64_t>(s.singular_values.size()); rank *= 2)
    table.add({std::to_string(rank), fmt::format("{:.1f} %", 100 * kept_energy(s.singular_values, rank)), grouped(parameters_at_rank(reply.sites, rank))});
  print(table.text());
}

void print_reply(const CloseUpReply& reply, bool angles) {
  print(fmt::format("{} at {}, {} x {}\n", printable(reply.method), printable(reply.shown.path), reply.shown.out, reply.shown.in));
  Table table({"tensor", "shape", "norm", "largest"}, {false, true, true, true});
  for (const auto& p : reply.pictures)
    table.add({p.name, fmt::format("{}x{}", p.rows, p.columns), significant(p.frobenius, 4), significant(p.largest, 4)});
  print(table.text());
  print_ranks(reply);
  print_base(reply);
  for (const auto& b : reply.bonds)
    if (!b.values.empty()) print(fmt::format("{}: {} singular values, {} to {}\n", b.name, b.values.size(), significant(b.values.front(), 4), significant(b.values.back(), 4)));
  if (!reply.changes.empty()) {
    print("rows: " + length_text(reply.rows) + "\ncolumns: " + length_text(reply.columns) + "\n");
    const auto line = [](const char* of, const Regression& r) {
      print(fmt::format("over all matrices, {}: change of magnitude = {} + {} x change of direction, Pearson r {:.2f}\n", of, significant(r.intercept, 3),
                        significant(r.slope, 3), r.r));
    };
    line("rows", scatter_of(reply.changes, &MatrixChange::row_direction, &MatrixChange::row_magnitude).line);
    if (reply.columns_changed) line("columns", scatter_of(reply.changes, &MatrixChange::column_direction, &MatrixChange::column_magnitude).line);
  } else {
    print("lengths of rows and columns need the model: --base MODEL\n");
  }
  if (!angles) return;
  if (!reply.difference.singular_values.empty())
    print(fmt::format("the update less the other has norm {} and {} values above a hundredth of its largest, {}\n", significant(reply.difference.frobenius, 4),
                      std::count_if(reply.difference.singular_values.begin(), reply.difference.singular_values.end(), [&](float v) { return v > reply.difference.singular_values.front() / 100; }),
                      significant(reply.difference.singular_values.front(), 4)));
  if (reply.output_angles.empty()) return print("no angles: one of the two updates is zero here\n");
  print(fmt::format("angles of the outputs, degrees: {}\nangles of the inputs, degrees: {}\n", angles_text(reply.output_angles), angles_text(reply.input_angles)));
}

// What was found, and the pictures of it where they are wanted.
int answer(const Options& options, const Call& call, const std::vector<Picture>& pictures, const std::function<Json()>& document, const std::function<void()>& text) {
  std::vector<std::string> paths;
  if (options.pictures.wanted()) {
    auto written = write_pictures(options.pictures, pictures);
    if (!written.ok()) return failed(written.status());
    paths = std::move(*written);
  }
  if (call.json) {
    Json json = document();
    if (options.pictures.wanted()) json["pictures"] = paths;
    print_document(json);
    return kDone;
  }
  text();
  for (const auto& path : paths) print(printable(path) + "\n");
  return kDone;
}

int look_closely(Engine& engine, const Options& options, const AdapterRef& ref, const Call& call) {
  CloseUpRequest request{.adapter = ref.adapter, .base = ref.base, .other = "", .site = options.site, .decompose_base = options.decompose};
  if (!options.other.empty()) {
    const auto other = find_adapter(options.other, options.base);
    if (!other.ok()) return failed_or_wrong(other.status());
    request.other = other->adapter;
  }
  const auto reply = wait_for<CloseUpReply>(engine, &Engine::close_up, std::move(request));
  if (!reply.ok()) return failed_or_wrong(reply.status());
  return answer(
      options, call, inspect_pictures(*reply), [&] { return to_json(*reply); }, [&] { print_reply(*reply, !options.other.empty()); });
}

int work(const Options& options, const Call& call) {
  const auto ref = find_adapter(options.adapter, options.base);
  if (!ref.ok()) return failed_or_wrong(ref.status());
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  if (!options.site.empty() || !options.other.empty() || options.decompose) return look_closely(**engine, options, *ref, call);
  InspectRequest request;
  request.adapter = ref->adapter;
  request.base = ref->base;
  const auto reply = wait_for<InspectReply>(**engine, &Engine::inspect, std::move(request));
  if (!reply.ok()) return failed(reply.status());
  return answer(
      options, call, inspect_pictures(*reply), [&] { return to_json(*reply, !ref->base.empty()); }, [&] { print_reply(*reply, !ref->base.empty()); });
}

}  // namespace

void add_inspect(CLI::App& app, Call& call) {
  const Arguments command(app, "inspect", "singular values, ranks and norms of an adapter, site by site",
                          "weft-cli inspect my.weft:r1@40 --json");
  auto options = set_work<Options>(command, call, work);
  command.text_required("ADAPTER", options->adapter, "PEFT folder, adapter file, GGUF adapter, or P.weft:RUN[@STEP]");
  command.text("--base,--model", options->base, "the model it belongs to: adds magnitude and direction change");
  command.text("--site", options->site, "one matrix closely: its tensors, the lengths of its rows and columns, change of magnitude against direction");
  command.text("--other", options->other, "a second adapter or step: adds the difference of the two and the principal angles between them");
  command.flag("--decompose", options->decompose, "of that matrix, W's own singular values, and which of its directions the update uses");
  add_picture_options(command, options->pictures, "ranks and norms by layer and module, spectra of each module");
  command.json_flag(call);
}

}  // namespace weft::cli
