// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "app/run/best_step.h"
#include "app/run/report/page_parts.h"
#include "app/run/report/samples_section.h"
#include "app/run/report/svg_chart.h"
#include "engine/api/events.h"
#include "engine/api/health.h"
#include "engine/api/method_catalogue.h"
#include "engine/api/train_request.h"
#include "engine/core/files.h"
#include "engine/core/text_util.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kSpectra = 6;  // sites whose spectra are drawn
constexpr int kHalfWidth = 470;      // of a chart that shares its row with another
constexpr std::size_t kMaxEvents = 200;

using Style = ChartSeries::Style;

struct Facts {
  RunRecord run;
  std::map<std::string, ChartSeries> metrics;  // by name
  std::vector<SpectrumRow> spectra;
  std::vector<EventRow> events;
  std::vector<CheckpointRow> checkpoints;
  std::vector<ArtifactRow> artifacts;
};

Result<Facts> read_facts(Project& project, RunId id) {
  Facts facts;
  WEFT_ASSIGN_OR_RETURN(facts.run, project.run(id));
  WEFT_ASSIGN_OR_RETURN(const auto rows, project.metrics(id, ""));
  for (const auto& row : rows) {
    auto& series = facts.metrics[row.name];
    series.x.push_back(static_cast<double>(row.step));
    series.y.push_back(row.value);
  }
  WEFT_ASSIGN_OR_RETURN(facts.spectra, project.spectra(id, ""));
  WEFT_ASSIGN_OR_RETURN(facts.events, project.events(id));
  WEFT_ASSIGN_OR_RETURN(facts.checkpoints, project.checkpoints(id));
  WEFT_ASSIGN_OR_RETURN(facts.artifacts, project.artifacts(id));
  return facts;
}

const ChartSeries& metric(const Facts& facts, const std::string& name) {
  static const ChartSeries none;
  const auto at = facts.metrics.find(name);
  return at == facts.metrics.end() ? none : at->second;
}

ChartSeries styled(ChartSeries series, const std::string& name, int colour, Style style) {
  series.name = name;
  series.colour = colour;
  series.style = style;
  return series;
}

std::string figure(const std::string& value, const std::string& what) {
  return "<div><b>" + escape_html(value) + "</b><span>" + escape_html(what) + "</span></div>";
}

std::string header(const Facts& facts) {
  const RunRecord& run = facts.run;
  const std::string state_class = run.state == "done" ? "done" : run.state == "failed" ? "failed" : "other";
  std::string html = "<header><h1>" + escape_html("Run " + run.name) + "<span class=\"state " + state_class + "\">" +
                     escape_html(run.state) + "</span></h1>";
  const std::string name =
      run.config.is_object() && run.config.contains("method") ? text_of(run.config["method"], "name") : "";
  std::string method = text_of(run.started, "method");
  if (const auto known = find_method(name); !name.empty() && known.ok())
    method = (*known)->title + ", " + (*known)->formula;
  html +=
      "<p>" + escape_html(text_of(run.started, "model")) + (method.empty() ? "" : " · " + escape_html(method)) + "</p>";
  html += "<p>" +
          escape_html("started " + run.created_at + (run.finished_at.empty() ? "" : ", ended " + run.finished_at) +
                      " (UTC)") +
          "</p>";
  if (!run.message.empty()) html += "<p class=\"warning\">" + escape_html(run.message) + "</p>";
  return html + "</header>\n";
}

std::string figures(const Facts& facts) {
  const RunRecord& run = facts.run;
  const auto& loss = metric(facts, "loss").y;
  const auto& eval = metric(facts, "eval_loss").y;
  const auto& tokens = metric(facts, "tokens").y;
  const auto& rss = metric(facts, "rss_bytes").y;
  double all_tokens = 0;
  for (const double count : tokens) all_tokens += count;
  std::string html = "<section class=\"figures\">";
  html += figure(fmt::format("{} of {}", run.last_step, run.total_steps), "steps");
  html += figure(loss.empty() ? "–" : number_text(loss.front()) + " → " + number_text(loss.back()),
                 "loss, first and last step");
  html += figure(eval.empty() ? "–" : number_text(eval.front()) + " → " + number_text(eval.back()),
                 "loss on held-out rows");
  const double trainable = value_of(run.started, "trainable"), total = value_of(run.started, "total_parameters");
  html += figure(std::isfinite(trainable) ? count_text(trainable) : "–",
                 total > 0 ? fmt::format("trainable parameters, {:.2g} % of the model", 100 * trainable / total)
                           : "trainable parameters");
  html += figure(tokens.empty() ? "–" : count_text(all_tokens), "tokens seen");
  html += figure(number_text(middle(metric(facts, "tokens_per_s").y), 3), "tokens/s, median");
  html += figure(rss.empty() ? "–" : human_bytes(*std::max_element(rss.begin(), rss.end())), "memory at most");
  return html + "</section>\n";
}

// What was changed, on every chart over steps.
std::vector<ChartMark> edit_marks(const Facts& facts) {
  std::vector<ChartMark> marks;
  for (const auto& event : facts.events)
    if (event.type == "edit") marks.push_back({static_cast<double>(event.step), fmt::format("step {}: {}", event.step, text_of(event.detail, "text"))});
  return marks;
}

HealthSeries health_series(const Facts& facts) {
  HealthSeries series;
  const auto values = [&](const char* name) { return HealthSeries::Values{metric(facts, name).x, metric(facts, name).y}; };
  series.loss = values("loss");
  series.held_out = values("eval_loss");
  series.lr = values("lr");
  std::map<std::string, std::size_t> places;
  for (const auto& row : facts.spectra) places.emplace(row.site, 0);
  std::size_t place = 0;
  for (auto& [site, at] : places) at = place++;
  std::map<std::int64_t, HealthSeries::Spectra> by_step;
  for (const auto& row : facts.spectra) {
    auto& at = by_step[row.step];
    at.step = row.step;
    at.sites.resize(places.size());
    at.sites[places[row.site]] = {row.site, row.values};
  }
  for (auto& [step, at] : by_step) series.spectra.push_back(std::move(at));
  bool ranks = false, cut = false;
  for (const auto& event : facts.events) {
    ranks = ranks || event.type == "ranks";
    cut = cut || (event.type == "edit" && edit_from_json(event.step, event.detail).edit.prune.has_value());
  }
  series.ranks_are_taken_away = ranks && !cut;
  return series;
}

std::string notices(const Facts& facts) {
  std::string rows;
  for (const auto& notice : health_notices(health_series(facts)))
    rows += "<tr><th>" + escape_html(notice.title) + "</th><td>" + escape_html(notice.text) + "</td></tr>";
  if (rows.empty()) return "";
  return "<section><h2>Seen in the values</h2><table>" + rows + "</table></section>\n";
}

std::string curves(const Facts& facts) {
  const std::vector<ChartMark> marks = edit_marks(facts);
  const ChartSeries& raw = metric(facts, "loss");
  std::vector<ChartSeries> loss{styled(raw, "each step", 1, Style::Faint),
                                styled(smoothed(raw), "smoothed", 1, Style::Line),
                                styled(metric(facts, "eval_loss"), "held-out rows", 2, Style::Points)};
  std::string html =
      "<section class=\"spread\"><h2>Loss</h2>" +
      line_chart(loss, {.title = "Loss by step", .x_title = "step", .y_title = "loss (nats a token)", .height = 300, .marks = marks}) +
      "</section>\n";
  html += "<div class=\"pair spread\"><section><h2>Learning rate</h2>" +
          line_chart({styled(metric(facts, "lr"), "", 3, Style::Line)}, {.title = "Learning rate by step",
                                                                         .x_title = "step",
                                                                         .y_title = "learning rate",
                                                                         .y_from_zero = true,
                                                                         .width = kHalfWidth,
                                                                         .marks = marks}) +
          "</section><section><h2>Gradient norm</h2>" +
          line_chart({styled(metric(facts, "grad_norm"), "", 4, Style::Line)}, {.title = "Gradient norm by step",
                                                                                .x_title = "step",
                                                                                .y_title = "2-norm before clipping",
                                                                                .y_from_zero = true,
                                                                                .width = kHalfWidth,
                                                                                .marks = marks}) +
          "</section></div>\n";
  return html;
}

struct SiteHistory {
  const SpectrumRow* ghost = nullptr;  // the earliest that is not zero everywhere
  const SpectrumRow* last = nullptr;
};

std::map<std::string, SiteHistory> histories(const std::vector<SpectrumRow>& spectra) {
  std::map<std::string, SiteHistory> sites;
  for (const auto& row : spectra) {
    SiteHistory& site = sites[row.site];
    const bool some = !row.values.empty() && row.values.front() > 0;
    if (some && (!site.ghost || row.step < site.ghost->step)) site.ghost = &row;
    if (!site.last || row.step >= site.last->step) site.last = &row;
  }
  return sites;
}

ChartSeries spectrum_series(const SpectrumRow& row, const std::string& name, int colour, Style style) {
  ChartSeries series;
  series.name = name;
  series.colour = colour;
  series.style = style;
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(row.values[i]);
  }
  return series;
}

// The sites that changed most, middle and least: a page that shows only the extremes would mislead.
std::vector<const SiteHistory*> chosen_sites(const std::map<std::string, SiteHistory>& sites) {
  std::vector<const SiteHistory*> order;
  for (const auto& [name, site] : sites) order.push_back(&site);
  std::stable_sort(order.begin(), order.end(), [](auto a, auto b) { return a->last->frobenius > b->last->frobenius; });
  if (order.size() <= kSpectra) return order;
  std::vector<const SiteHistory*> chosen;
  for (std::size_t i = 0; i < kSpectra; ++i) chosen.push_back(order[i * (order.size() - 1) / (kSpectra - 1)]);
  return chosen;
}

std::string spectra_section(const std::map<std::string, SiteHistory>& sites) {
  if (sites.empty())
    return "<section><h2>Spectra</h2><p class=\"note\">No spectra were recorded: [probe] spectra_every was 0, or the "
           "run ended before the first.</p></section>\n";
  std::string html = "<section><h2>Singular values of the update</h2><div class=\"spectra\">";
  int colour = 0;
  for (const SiteHistory* site : chosen_sites(sites)) {
    const SpectrumRow& last = *site->last;
    colour = colour % 6 + 1;
    std::vector<ChartSeries> series;
    if (site->ghost && site->ghost->step != last.step)
      series.push_back(spectrum_series(*site->ghost, fmt::format("step {}", site->ghost->step), colour, Style::Ghost));
    series.push_back(spectrum_series(last, fmt::format("step {}", last.step), colour, Style::Points));
    html += "<div><h3>" + escape_html(last.site) + "</h3>" +
            line_chart(series, {.title = "Singular values of " + last.site,
                                .x_title = "index",
                                .y_title = "singular value",
                                .log_y = true,
                                .width = kHalfWidth,
                                .height = 240}) +
            fmt::format(
                "<p class=\"note\">effective rank {:.2f} · stable rank {:.2f} · energy 90/95/99 % in {}/{}/{} · norm "
                "{:.3g}</p></div>",
                last.effective_rank, last.stable_rank, last.energy_rank_90, last.energy_rank_95, last.energy_rank_99,
                last.frobenius);
  }
  html += "</div>";
  if (sites.size() > kSpectra)
    html += fmt::format(
        "<p class=\"note\">{} of {} matrices, from the most to the least changed. Dashed: the earliest spectrum that "
        "is not zero (an adapter that starts at B = 0 has none at step 0).</p>",
        kSpectra, sites.size());
  return html + "</section>\n";
}

std::string rank_map(const Facts& facts, const std::map<std::string, SiteHistory>& sites) {
  HeatMap map;
  map.title = "Effective rank by layer and module";
  map.scale_title = "effective rank";
  std::vector<std::string> modules;
  std::set<int> layers;
  std::map<std::pair<int, std::string>, double> values;
  if (facts.run.started.is_object() && facts.run.started.contains("sites") && facts.run.started["sites"].is_array()) {
    for (const auto& site : facts.run.started["sites"]) {
      const std::string module = text_of(site, "module");
      const double layer = value_of(site, "layer");
      const auto found = sites.find(text_of(site, "path"));
      if (found == sites.end() || module.empty() || !std::isfinite(layer)) continue;
      if (std::find(modules.begin(), modules.end(), module) == modules.end()) modules.push_back(module);
      layers.insert(static_cast<int>(layer));
      values[{static_cast<int>(layer), module}] = found->second.last->effective_rank;
    }
  }
  if (layers.empty()) return "";
  map.columns = modules;
  for (const int layer : layers) {
    map.rows.push_back(layer < 0 ? "-" : std::to_string(layer));
    for (const auto& module : modules) {
      const auto at = values.find({layer, module});
      map.values.push_back(at == values.end() ? std::nan("") : at->second);
    }
  }
  return "<section><h2>Effective rank, layers by modules, at the last spectrum</h2>" + heat_map(map) + "</section>\n";
}

std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : to_json_line(value);
}

std::string settings(const Facts& facts) {
  std::string html = "<section><h2>Settings</h2><div class=\"settings\">";
  for (const auto& section : run_sections()) {
    if (!facts.run.config.is_object() || !facts.run.config.contains(section.name)) continue;
    html += "<div><h3>[" + section.name + "]</h3><table>";
    for (const auto& [key, value] : facts.run.config[section.name].items())
      html += "<tr><th>" + escape_html(key) + "</th><td>" + escape_html(value_text(value)) + "</td></tr>";
    html += "</table></div>";
  }
  if (const std::string adapter = text_of(facts.run.config, "init_adapter"); !adapter.empty())
    html +=
        "<div><h3>start</h3><table><tr><th>init_adapter</th><td>" + escape_html(adapter) + "</td></tr></table></div>";
  return html + "</div></section>\n";
}

std::string happenings(const Facts& facts) {
  std::string rows;
  std::size_t count = 0;
  for (const auto& event : facts.events) {
    if (event.type == "eval" || event.type == "checkpoint" || event.type == "step_time" || event.type == "floor" || event.type == "ranks" || event.type == "samples")
      continue;
    if (++count > kMaxEvents) break;
    const std::string message = text_of(event.detail, "message");
    std::string text = message;
    if (event.type == "state") text = text_of(event.detail, "state") + (message.empty() ? "" : ": " + message);
    if (event.type == "edit") text = text_of(event.detail, "text");
    if (event.type == "best") text = fmt::format("best so far, loss on held-out rows {}", number_text(value_of(event.detail, "loss")));
    if (event.type == "cadence") text = fmt::format("spectra every {:g} steps", value_of(event.detail, "every"));
    if (event.type == "finished") text = text_of(event.detail, "outcome") + (message.empty() ? "" : ": " + message);
    rows += fmt::format("<tr{}><th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                        event.type == "warning" ? " class=\"warning\"" : "", escape_html(event.at), event.step,
                        escape_html(event.type), escape_html(text));
  }
  std::string html;
  if (!rows.empty())
    html += "<section><h2>What happened</h2><table><tr><th>when (UTC)</th><th>step</th><th>what</th><th></th></tr>" +
            rows + "</table></section>\n";
  rows.clear();
  const auto best = best_step(facts.events);
  for (const auto& c : facts.checkpoints)
    rows += fmt::format("<tr><th>checkpoint{}</th><td>{}</td><td>{}</td><td>{}</td></tr>", best && best->step == c.step ? ", best" : "", c.step,
                        escape_html(c.path), human_bytes(static_cast<double>(c.bytes)));
  for (const auto& a : facts.artifacts)
    rows += fmt::format("<tr><th>{} export</th><td>{}</td><td>{}</td><td>{}, logits within {:.2g}</td></tr>",
                        escape_html(a.format), a.step, escape_html(a.path), human_bytes(static_cast<double>(a.bytes)),
                        a.max_difference);
  if (!rows.empty())
    html += "<section><h2>Files</h2><table><tr><th>what</th><th>step</th><th>where</th><th></th></tr>" + rows +
            "</table></section>\n";
  return html;
}

}  // namespace

Result<std::string> report_page(Project& project, RunId run) {
  WEFT_ASSIGN_OR_RETURN(const Facts facts, read_facts(project, run));
  const auto sites = histories(facts.spectra);
  std::string html = page_begin("WEFT run " + facts.run.name);
  html += header(facts) + figures(facts) + notices(facts) + curves(facts) + spectra_section(sites) + rank_map(facts, sites) + samples_section(facts.events) +
          settings(facts) + happenings(facts);
  return html + page_end(project.path());
}

Result<std::string> write_report(Project& project, RunId run, const std::string& folder) {
  WEFT_ASSIGN_OR_RETURN(const std::string html, report_page(project, run));
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return io_error("cannot create the folder " + folder + ": " + error.message());
  const fs::path file = fs::path(folder) / "index.html";
  WEFT_RETURN_IF_ERROR(write_file_atomically(file, html));
  return file.string();
}

}  // namespace weft
