// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace weft {
namespace {

constexpr std::size_t kMaxPoints = 1200;  // a chart is some 700 pixels wide: more points only make the page heavy
constexpr int kLeft = 64, kRight = 16, kTop = 12, kBottom = 42;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool empty() const { return low > high; }
};

// 1, 2 or 5 times a power of ten, about `count` of them.
std::vector<double> linear_ticks(const Range& range, int count) {
  const double raw = (range.high - range.low) / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  const double step = power * (raw / power > 5 ? 10 : raw / power > 2 ? 5 : raw / power > 1 ? 2 : 1);
  std::vector<double> ticks;
  for (double k = std::ceil(range.low / step - 1e-9); k * step <= range.high + step * 1e-9 && ticks.size() < 20; ++k)
    ticks.push_back(k * step);
  return ticks;
}

std::vector<double> log_ticks(const Range& range) {
  const double decades = std::log10(range.high / range.low);
  std::vector<double> ticks;
  for (int e = static_cast<int>(std::floor(std::log10(range.low)));
       e <= static_cast<int>(std::ceil(std::log10(range.high))); ++e) {
    for (const double m : {1.0, 2.0, 5.0}) {
      if (m != 1.0 && decades > 1.5) continue;
      const double tick = m * std::pow(10, e);
      if (tick >= range.low * 0.999 && tick <= range.high * 1.001) ticks.push_back(tick);
    }
  }
  const std::size_t keep = ticks.size() / 8 + 1;
  std::vector<double> thinned;
  for (std::size_t i = 0; i < ticks.size(); i += keep) thinned.push_back(ticks[i]);
  return thinned;
}

std::string tick_text(double value) {
  if (value == 0 || std::fabs(value) < 1e-300) return "0";
  if (std::fabs(value) >= 1e6 && value == std::floor(value / 1e6) * 1e6) return fmt::format("{:g} M", value / 1e6);
  if (std::fabs(value) >= 1e4 && value == std::floor(value / 1e3) * 1e3) return fmt::format("{:g} k", value / 1e3);
  return fmt::format("{:.4g}", value);
}

class Frame {
 public:
  Frame(const std::vector<ChartSeries>& series, const ChartOptions& options) : options_(options) {
    for (const auto& s : series) {
      for (std::size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i) {
        if (!shows(s.x[i], s.y[i])) continue;
        x_.take(s.x[i]);
        y_.take(s.y[i]);
      }
    }
    if (empty()) return;
    if (options.y_from_zero) y_.take(0);
    if (x_.low == x_.high) x_ = {x_.low - 0.5, x_.high + 0.5};
    if (options.log_y) {
      const double margin = std::pow(std::max(y_.high / y_.low, 1.2), 0.05);
      y_ = {y_.low / margin, y_.high * margin};
    } else {
      const double margin = y_.low == y_.high ? std::max(std::fabs(y_.low) * 0.1, 1e-12) : (y_.high - y_.low) * 0.06;
      y_ = {options.y_from_zero && y_.low == 0 ? 0 : y_.low - margin, y_.high + margin};
    }
  }

  [[nodiscard]] bool empty() const { return x_.empty(); }
  [[nodiscard]] bool shows(double x, double y) const {
    return std::isfinite(x) && std::isfinite(y) && (!options_.log_y || y > 0);
  }
  [[nodiscard]] double px(double x) const {
    return kLeft + (x - x_.low) / (x_.high - x_.low) * (options_.width - kLeft - kRight);
  }
  [[nodiscard]] double py(double y) const {
    const double share =
        options_.log_y ? std::log(y / y_.low) / std::log(y_.high / y_.low) : (y - y_.low) / (y_.high - y_.low);
    return options_.height - kBottom - share * (options_.height - kBottom - kTop);
  }

  [[nodiscard]] std::string marks() const {
    std::string svg;
    for (const auto& [x, text] : options_.marks) {
      if (x < x_.low || x > x_.high) continue;
      const double at = px(x);
      svg += fmt::format("<g><title>{0}</title><line class=\"mark\" x1=\"{1:.1f}\" x2=\"{1:.1f}\" y1=\"{2}\" y2=\"{3}\"/>"
                         "<path class=\"mark\" d=\"M{1:.1f} {2}l8 4l-8 4z\"/></g>",
                         escape_html(text), at, kTop, options_.height - kBottom);
    }
    return svg;
  }

  [[nodiscard]] std::string axes() const {
    std::string svg;
    const int bottom = options_.height - kBottom, right = options_.width - kRight;
    for (const double tick : options_.log_y ? log_ticks(y_) : linear_ticks(y_, 5)) {
      const double y = py(tick);
      svg += fmt::format("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kLeft, right, y, y);
      svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", kLeft - 8, y + 4,
                         tick_text(tick));
    }
    svg += fmt::format("<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", kLeft, right, bottom, bottom);
    for (const double tick : linear_ticks(x_, 8)) {
      svg += fmt::format("<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>", px(tick), bottom,
                         bottom + 4);
      svg += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", px(tick),
                         bottom + 17, tick_text(tick));
    }
    svg += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>", (kLeft + right) / 2,
                       options_.height - 6, escape_html(options_.x_title));
    return svg +
           fmt::format(
               "<text class=\"title\" transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
               (bottom + kTop) / 2, escape_html(options_.y_title));
  }

 private:
  const ChartOptions& options_;
  Range x_, y_;
};

// Lowest and highest of each bucket, so that spikes survive.
std::vector<std::size_t> thinned(const ChartSeries& series) {
  const std::size_t count = std::min(series.x.size(), series.y.size());
  std::vector<std::size_t> kept;
  if (count <= kMaxPoints) {
    for (std::size_t i = 0; i < count; ++i) kept.push_back(i);
    return kept;
  }
  const std::size_t buckets = kMaxPoints / 2;
  for (std::size_t b = 0; b < buckets; ++b) {
    std::size_t low = b * count / buckets, high = low;
    for (std::size_t i = low; i < (b + 1) * count / buckets; ++i) {
      if (!(series.y[i] >= series.y[low])) low = i;
      if (!(series.y[i] <= series.y[high])) high = i;
    }
    kept.push_back(std::min(low, high));
    if (low != high) kept.push_back(std::max(low, high));
  }
  return kept;
}

std::string class_of(const ChartSeries& series) {
  if (series.style == ChartSeries::Style::Ghost) return "ghost";
  return fmt::format("s{}{}{}", series.colour, series.dash > 1 ? fmt::format(" d{}", series.dash) : "",
                     series.style == ChartSeries::Style::Faint ? " faint" : "");
}

std::string draw(const ChartSeries& series, const Frame& frame) {
  const std::string colour = class_of(series);
  std::string path, dots;
  bool drawing = false;
  for (const std::size_t i : thinned(series)) {
    if (!frame.shows(series.x[i], series.y[i])) {
      drawing = false;
      continue;
    }
    const double x = frame.px(series.x[i]), y = frame.py(series.y[i]);
    path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x, y);
    drawing = true;
    if (series.style == ChartSeries::Style::Points)
      dots += fmt::format(
          "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.2\"><title>{:.6g}: {:.6g}</title></circle>", colour,
          x, y, series.x[i], series.y[i]);
  }
  return fmt::format("<path class=\"{}\" d=\"{}\"/>", colour, path) + dots;
}

std::string legend(const std::vector<ChartSeries>& series) {
  std::string html;
  for (const auto& s : series) {
    if (s.name.empty()) continue;
    const std::string colour = class_of(s);
    const bool points = s.style == ChartSeries::Style::Points;
    html += "<span><svg class=\"key\" viewBox=\"0 0 22 10\" aria-hidden=\"true\">" +
            fmt::format("<path class=\"{}\" d=\"M1 5L21 5\"/>", colour) +
            (points ? fmt::format("<circle class=\"{}\" cx=\"11\" cy=\"5\" r=\"3.2\"/>", colour) : "") + "</svg>" +
            escape_html(s.name) + "</span>";
  }
  return html.empty() ? "" : "<div class=\"legend\">" + html + "</div>";
}

// Viridis at 0, 1/8, ... 1.
constexpr std::array<std::array<int, 3>, 9> kViridis{{{68, 1, 84},
                                                      {71, 45, 123},
                                                      {59, 82, 139},
                                                      {44, 114, 142},
                                                      {33, 145, 140},
                                                      {40, 174, 128},
                                                      {94, 201, 98},
                                                      {173, 220, 48},
                                                      {253, 231, 37}}};

std::array<int, 3> viridis(double share) {
  const double at = std::clamp(share, 0.0, 1.0) * 8;
  const auto i = std::min<std::size_t>(static_cast<std::size_t>(at), 7);
  std::array<int, 3> colour{};
  for (std::size_t c = 0; c < 3; ++c)
    colour[c] = static_cast<int>(
        std::lround(kViridis[i][c] + (kViridis[i + 1][c] - kViridis[i][c]) * (at - static_cast<double>(i))));
  return colour;
}

std::string rgb(const std::array<int, 3>& c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c[0], c[1], c[2]);
}

std::string scale_bar(const Range& range, const std::string& title, int x, int y, int width) {
  std::string svg;
  for (int i = 0; i < 64; ++i)
    svg += fmt::format("<rect x=\"{:.2f}\" y=\"{}\" width=\"{:.2f}\" height=\"10\" fill=\"{}\"/>", x + i * width / 64.0,
                       y, width / 64.0 + 0.3, rgb(viridis(i / 63.0)));
  svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\">{:.3g}</text>", x, y + 24, range.low);
  svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{:.3g}</text>", x + width, y + 24,
                     range.high);
  return svg + fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x + width / 2,
                           y + 24, escape_html(title));
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      out += ' ';
    else
      out += c;
  }
  return out;
}

std::string line_chart(const std::vector<ChartSeries>& series, const ChartOptions& options) {
  return (Frame(series, options).empty() ? "" : legend(series)) + line_drawing(series, options);
}

std::string line_drawing(const std::vector<ChartSeries>& series, const ChartOptions& options) {
  const Frame frame(series, options);
  std::string svg = fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                                options.width, options.height, escape_html(options.title));
  if (frame.empty()) {
    svg += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">nothing was recorded</text>",
                       options.width / 2, options.height / 2);
    return svg + "</svg>";
  }
  svg += frame.axes() + frame.marks();
  for (const auto& s : series) svg += draw(s, frame);
  return svg + "</svg>";
}

std::string legend_drawing(const std::vector<ChartSeries>& series, int width, int& height) {
  constexpr int kKey = 34, kGap = 6, kBetween = 18, kRow = 20;
  std::string svg;
  int x = 0, y = 0;
  for (const auto& s : series) {
    if (s.name.empty()) continue;
    const int wide = kKey + kGap + static_cast<int>(std::ceil(7 * static_cast<double>(s.name.size()))) + kBetween;   // few texts are wider in this size
    if (x > 0 && x + wide > width) {
      x = 0;
      y += kRow;
    }
    const std::string colour = class_of(s);
    svg += fmt::format("<path class=\"{}\" d=\"M{} {}L{} {}\"/>", colour, x + 1, y + 10, x + kKey - 1, y + 10);
    if (s.style == ChartSeries::Style::Points) svg += fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3.2\"/>", colour, x + kKey / 2, y + 10);
    svg += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>", x + kKey + kGap, y + 14, escape_html(s.name));
    x += wide;
  }
  height = svg.empty() ? 0 : y + kRow;
  return svg;
}

std::string heat_map(const HeatMap& map) {
  Range range;
  for (const double value : map.values)
    if (std::isfinite(value)) range.take(value);
  if (range.empty() || map.rows.empty() || map.columns.empty()) return "<p class=\"note\">nothing was recorded</p>";
  const int cell_width = 88, cell_height = map.rows.size() > 40 ? 14 : 20, left = 64, top = 26;
  const int columns = static_cast<int>(map.columns.size()), rows = static_cast<int>(map.rows.size());
  const int width = left + columns * cell_width + 8, height = top + rows * cell_height + 56;
  std::string svg = fmt::format(
      "<svg class=\"heat\" viewBox=\"0 0 {0} {1}\" style=\"max-width:{0}px\" role=\"img\" aria-label=\"{2}\">", width,
      height, escape_html(map.title));
  for (int c = 0; c < columns; ++c)
    svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                       left + c * cell_width + cell_width / 2, top - 9,
                       escape_html(map.columns[static_cast<std::size_t>(c)]));
  for (int r = 0; r < rows; ++r) {
    svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", left - 8,
                       top + r * cell_height + cell_height / 2 + 4, escape_html(map.rows[static_cast<std::size_t>(r)]));
    for (int c = 0; c < columns; ++c) {
      const double value = map.values[static_cast<std::size_t>(r * columns + c)];
      if (!std::isfinite(value)) continue;
      const double share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
      svg += fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" fill=\"{}\"><title>{} {}: {:.4g}</title></rect>",
          left + c * cell_width + 1, top + r * cell_height + 1, cell_width - 2, cell_height - 2, rgb(viridis(share)),
          escape_html(map.rows[static_cast<std::size_t>(r)]), escape_html(map.columns[static_cast<std::size_t>(c)]),
          value);
      if (cell_height >= 18)
        svg +=
            fmt::format("<text class=\"cell\" x=\"{}\" y=\"{}\" style=\"fill:{}\" text-anchor=\"middle\">{:.3g}</text>",
                        left + c * cell_width + cell_width / 2, top + r * cell_height + cell_height / 2 + 4,
                        share > 0.6 ? "#1a1d21" : "#ffffff", value);
    }
  }
  return svg +
         scale_bar(range, map.scale_title, left, top + rows * cell_height + 12, std::min(columns * cell_width, 420)) +
         "</svg>";
}

}  // namespace weft
