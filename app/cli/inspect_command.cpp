// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "engine/api/engine_loader.h"

namespace weft::cli {
namespace {

struct Options {
  std::string adapter, base;
};

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
  Table table({"site", "shape", "rank", "s1", "effective", "stable", "90/95/99 %", "norm", "magnitude", "direction"},
              {false, true, true, true, true, true, true, true, true, true});
  for (std::size_t i = 0; i < reply.spectra.size(); ++i) {
    const SpectrumEvent& s = reply.spectra[i];
    const bool known = i < reply.sites.size();
    table.add({s.site, known ? fmt::format("{}x{}", reply.sites[i].out, reply.sites[i].in) : "",
               known ? std::to_string(reply.sites[i].rank) : "",
               s.singular_values.empty() ? "-" : significant(s.singular_values[0], 4),
               fmt::format("{:.2f}", s.effective_rank), fmt::format("{:.2f}", s.stable_rank),
               fmt::format("{}/{}/{}", s.energy_rank_90, s.energy_rank_95, s.energy_rank_99),
               significant(s.frobenius, 4), with_base ? significant(s.magnitude_change, 3) : "-",
               with_base ? significant(s.direction_change, 3) : "-"});
  }
  print(table.text());
  if (!with_base) print("magnitude and direction change need the model: --base MODEL\n");
}

int work(const Options& options, const Call& call) {
  const auto ref = find_adapter(options.adapter, options.base);
  if (!ref.ok()) return failed_or_wrong(ref.status());
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  InspectRequest request;
  request.adapter = ref->adapter;
  request.base = ref->base;
  const auto reply = wait_for<InspectReply>(**engine, &Engine::inspect, std::move(request));
  if (!reply.ok()) return failed(reply.status());
  if (call.json)
    print_document(to_json(*reply, !ref->base.empty()));
  else
    print_reply(*reply, !ref->base.empty());
  return kDone;
}

}  // namespace

void add_inspect(CLI::App& app, Call& call) {
  const Arguments command(app, "inspect", "singular values, ranks and norms of an adapter, site by site",
                          "weft-cli inspect my.weft:r1@40 --json");
  auto options = set_work<Options>(command, call, work);
  command.text_required("ADAPTER", options->adapter, "PEFT folder, adapter file, or P.weft:RUN[@STEP]");
  command.text("--base,--model", options->base, "the model it belongs to: adds magnitude and direction change");
  command.json_flag(call);
}

}  // namespace weft::cli
