// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/compare/comparison_page.h"

#include <fmt/format.h>

#include <limits>

#include "app/run/report/page_parts.h"

namespace weft {
namespace {

constexpr std::size_t kSpectra = 6;  // matrices whose spectra are drawn
constexpr int kHalfWidth = 470;

using Style = ChartSeries::Style;

// Colour and dash are those of the run's place, here as in the window.
ChartSeries series_of(const Comparison& comparison, std::size_t run, Style style) {
  ChartSeries series;
  series.name = comparison.runs[run].run.name;
  series.colour = series.dash = static_cast<int>(run) + 1;
  series.style = style;
  return series;
}

struct Along {
  RunAxis axis;
  const char* name;
  const char* title;
};
constexpr Along kAxes[] = {{RunAxis::Step, "step", "step"}, {RunAxis::Epoch, "epoch", "epoch"}, {RunAxis::Tokens, "tokens", "tokens"}, {RunAxis::Seconds, "seconds", "time in steps, s"}};

// A curve of each run, and the marks of what was changed in it.
std::vector<ChartSeries> curve_series(const Comparison& comparison, ComparedCurve ComparedRun::* curve, bool smooth, RunAxis axis, ChartOptions& options) {
  std::vector<ChartSeries> all;
  options.marks.clear();
  for (std::size_t r = 0; r < comparison.runs.size(); ++r) {
    const ComparedRun& run = comparison.runs[r];
    for (const auto& edit : run.edits) options.marks.push_back({edit.along(axis), fmt::format("{}, step {:.0f}: {}", run.run.name, edit.step, edit.text)});
    ChartSeries raw = series_of(comparison, r, smooth ? Style::Faint : Style::Line);
    raw.x = (run.*curve).along(axis);
    raw.y = (run.*curve).values;
    if (smooth) {
      ChartSeries line = smoothed(raw);
      line.style = Style::Line;
      raw.name.clear();
      raw.dash = 1;
      all.push_back(std::move(raw));
      all.push_back(std::move(line));
    } else {
      all.push_back(std::move(raw));
    }
  }
  return all;
}

struct CurvePart {
  const char* name;                // of its picture
  ComparedCurve ComparedRun::* curve;
  bool smooth;
  ChartOptions options;
};

const std::vector<CurvePart>& curve_parts() {
  static const std::vector<CurvePart> parts{
      {"loss", &ComparedRun::loss, true, {.title = "Training loss", .y_title = "loss (nats a token)", .height = 300}},
      {"held-out-loss", &ComparedRun::held_out, false, {.title = "Held-out loss", .y_title = "loss (nats a token)"}},
      {"learning-rate", &ComparedRun::lr, false, {.title = "Learning rate", .y_title = "learning rate", .y_from_zero = true, .width = kHalfWidth}},
      {"gradient-norm", &ComparedRun::grad_norm, false, {.title = "Gradient norm", .y_title = "2-norm before clipping", .y_from_zero = true, .width = kHalfWidth}}};
  return parts;
}

// Along each axis; the style sheet shows the ones of the axis that is chosen.
std::string curve_chart(const Comparison& comparison, const CurvePart& part) {
  ChartOptions options = part.options;
  std::string html = "<section class=\"spread\"><h2>" + escape_html(options.title) + "</h2>";
  for (const auto& [axis, name, title] : kAxes) {
    options.x_title = title;
    const std::vector<ChartSeries> all = curve_series(comparison, part.curve, part.smooth, axis, options);
    html += fmt::format("<div class=\"along {}\">", name) + line_chart(all, options) + "</div>";
  }
  return html + "</section>\n";
}

// Spread over the depth of the model.
std::vector<std::string> shown_sites(const Comparison& comparison) {
  const std::size_t shown = std::min(comparison.sites.size(), kSpectra);
  std::vector<std::string> sites;
  for (std::size_t i = 0; i < shown; ++i) sites.push_back(comparison.sites[shown == 1 ? 0 : i * (comparison.sites.size() - 1) / (shown - 1)]);
  return sites;
}

std::vector<ChartSeries> spectrum_series(const Comparison& comparison, const std::string& site) {
  std::vector<ChartSeries> all;
  for (std::size_t r = 0; r < comparison.runs.size(); ++r) {
    const SpectrumRow* row = comparison.runs[r].spectrum(site, std::numeric_limits<double>::infinity());
    if (!row) continue;
    ChartSeries series = series_of(comparison, r, Style::Points);
    series.name += fmt::format(", step {}", row->step);
    for (std::size_t k = 0; k < row->values.size(); ++k) {
      series.x.push_back(static_cast<double>(k + 1));
      series.y.push_back(row->values[k]);
    }
    all.push_back(std::move(series));
  }
  return all;
}

ChartOptions spectrum_options(const std::string& site) {
  return {.title = "Singular values of " + site, .x_title = "index", .y_title = "singular value", .log_y = true, .width = kHalfWidth, .height = 240};
}

std::string axis_choice() {
  std::string html = "<p class=\"choice\">Curves along";
  for (const auto& along : kAxes)
    html += fmt::format(" <label><input type=\"radio\" name=\"along\" id=\"along-{0}\"{2}> {1}</label>", along.name, along.title, along.axis == RunAxis::Step ? " checked" : "");
  return html + "</p>\n";
}

std::string spectra(const Comparison& comparison) {
  if (comparison.sites.empty()) return "<section><h2>Spectra</h2><p class=\"note\">None of the runs recorded spectra.</p></section>\n";
  std::string html = "<section><h2>Singular values of the update, last recorded</h2><div class=\"spectra\">";
  const auto shown = shown_sites(comparison);
  for (const auto& site : shown) html += "<div><h3>" + escape_html(site) + "</h3>" + line_chart(spectrum_series(comparison, site), spectrum_options(site)) + "</div>";
  html += "</div>";
  if (comparison.sites.size() > shown.size()) html += fmt::format("<p class=\"note\">{} of {} matrices.</p>", shown.size(), comparison.sites.size());
  return html + "</section>\n";
}

std::string table(const Comparison& comparison, const std::string& title, const std::vector<ComparedRow>& rows, const std::string& none) {
  std::string html = "<section><h2>" + title + "</h2>";
  if (rows.empty()) return html + "<p class=\"note\">" + none + "</p></section>\n";
  html += "<table><tr><th></th>";
  for (const auto& run : comparison.runs) html += "<th>" + escape_html(run.run.name) + "</th>";
  html += "</tr>";
  for (const auto& row : rows) {
    html += "<tr><th>" + escape_html(row.title) + "</th>";
    for (const auto& text : row.texts) html += "<td>" + escape_html(text) + "</td>";
    html += "</tr>";
  }
  return html + "</table></section>\n";
}

}  // namespace

std::vector<Picture> comparison_pictures(const Comparison& comparison) {
  std::vector<Picture> pictures;
  for (const auto& part : curve_parts()) {
    ChartOptions options = part.options;
    options.x_title = "step";
    const std::vector<ChartSeries> series = curve_series(comparison, part.curve, part.smooth, RunAxis::Step, options);
    pictures.push_back(line_picture(part.name, series, options));
  }
  for (const auto& site : shown_sites(comparison)) pictures.push_back(line_picture("spectrum-" + site, spectrum_series(comparison, site), spectrum_options(site)));
  return pictures;
}

std::string comparison_page(const Comparison& comparison, const std::string& project_path) {
  std::string names;
  for (const auto& run : comparison.runs) names += (names.empty() ? "" : ", ") + run.run.name;
  std::string html = page_begin("WEFT runs " + names) + "<header><h1>" + escape_html("Runs " + names) + "</h1>";
  for (const auto& note : comparison.notes) html += "<p class=\"warning\">" + escape_html(note) + "</p>";
  for (const auto& run : comparison.runs)
    html += "<p>" + escape_html(run.run.name + (run.method.empty() ? "" : " · " + run.method) + " · " + run.run.state +
                                (run.remark.empty() ? "" : " · " + run.remark)) + "</p>";
  html += axis_choice() + "</header>\n";
  const auto& curves = curve_parts();
  html += curve_chart(comparison, curves[0]) + curve_chart(comparison, curves[1]);
  html += table(comparison, "Final figures", comparison.figures, "No run has recorded any.");
  html += table(comparison, "Settings that differ", comparison.settings, "None: the runs have the same settings.");
  html += spectra(comparison);
  html += "<div class=\"pair spread\">" + curve_chart(comparison, curves[2]) + curve_chart(comparison, curves[3]) + "</div>\n";
  return html + page_end(project_path);
}

}  // namespace weft
