// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/pictures.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "app/run/report/report_style.h"
#include "engine/core/files.h"

extern char** environ;

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr int kMargin = 16, kHead = 40;
constexpr const char* kConverter = "rsvg-convert";
constexpr const char* kZoom = "2";   // pixels a unit: sharp in print and on dense screens

// The chart's rules with the light palette written in: not every program that reads SVG knows CSS variables.
std::string plain_style() {
  const std::string colours = kReportColours;
  const std::string light = colours.substr(0, colours.find('}'));
  std::string style = kChartStyle;
  const std::string open = "var(";
  for (auto at = style.find(open); at != std::string::npos; at = style.find(open, at)) {
    const auto end = style.find(')', at);
    const std::string key = style.substr(at + open.size(), end - at - open.size()) + ":";
    const auto value = light.find(key) + key.size();
    style.replace(at, end + 1 - at, light.substr(value, light.find_first_of(";}\n", value) - value));
  }
  return style;
}

// The numbers of viewBox="0 0 W H".
std::pair<int, int> size_of(const std::string& drawing) {
  const std::string key = "viewBox=\"0 0 ";
  int width = 0, height = 0;
  if (const auto at = drawing.find(key); at == std::string::npos || std::sscanf(drawing.c_str() + at + key.size(), "%d %d", &width, &height) != 2) return {480, 0};
  return {width, height};
}

std::string document(const std::string& title, const std::string& legend, int legend_height, const std::string& drawing) {
  const auto [width, height] = size_of(drawing);
  const int below = kHead + legend_height, all_width = width + 2 * kMargin, all_height = below + height + kMargin;
  const std::string begin = "<svg ";
  std::string placed = drawing;
  if (placed.starts_with(begin)) placed.insert(begin.size(), fmt::format("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" ", kMargin, below, width, height));
  return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\"><style>{2}</style>"
                     "<rect width=\"{0}\" height=\"{1}\" fill=\"#FFFFFF\"/><text x=\"{3}\" y=\"26\" style=\"font-size:15px;font-weight:600;fill:#1A1D21\">{4}</text>"
                     "<g transform=\"translate({3} {5})\">{6}</g>{7}</svg>\n",
                     all_width, all_height, plain_style(), kMargin, escape_html(title), kHead - 4, legend, placed);
}

// Letters, digits, dots and dashes: sites name files too.
std::string file_name(const std::string& name) {
  std::string safe = name.substr(0, 120);
  for (char& c : safe)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') c = '_';
  return safe.empty() || safe.front() == '.' ? "_" + safe : safe;
}

Status make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? io_error("cannot make the folder " + folder + ": " + error.message()) : Status();
}

Status convert(const fs::path& svg, const fs::path& png) {
  const std::string from = fs::absolute(svg).string(), to = fs::absolute(png).string();   // never taken for options
  const char* arguments[] = {kConverter, "--format", "png", "--zoom", kZoom, "--output", to.c_str(), from.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);   // stdout is this program's answer
  pid_t child = -1;
  const int failed = ::posix_spawnp(&child, kConverter, &actions, nullptr, const_cast<char**>(arguments), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT)
    return unsupported("pictures as PNG are drawn by rsvg-convert, which is not installed (package librsvg2-bin); --svg writes the same pictures without it");
  if (failed != 0) return io_error(std::string("cannot start rsvg-convert: ") + std::strerror(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return io_error("rsvg-convert could not write " + to + (WIFEXITED(status) ? fmt::format(" (it ended with {})", WEXITSTATUS(status)) : " (a signal ended it)"));
}

}  // namespace

Picture line_picture(const std::string& name, const std::vector<ChartSeries>& series, const ChartOptions& options) {
  int height = 0;
  const std::string legend = legend_drawing(series, options.width, height);
  return {name, document(options.title, legend, height, line_drawing(series, options))};
}

Picture heat_picture(const std::string& name, const HeatMap& map) {
  const std::string drawing = heat_map(map);
  if (!drawing.starts_with("<svg ")) return line_picture(name, {}, {.title = map.title});   // nothing to show: a chart says so
  return {name, document(map.title, "", 0, drawing)};
}

Result<std::vector<std::string>> write_svg(const std::string& folder, const std::vector<Picture>& pictures) {
  WEFT_RETURN_IF_ERROR(make_folder(folder));
  std::vector<std::string> paths;
  for (const auto& picture : pictures) {
    const fs::path path = fs::path(folder) / (file_name(picture.name) + ".svg");
    WEFT_RETURN_IF_ERROR(write_file_atomically(path, picture.svg));
    paths.push_back(path.string());
  }
  return paths;
}

Result<std::vector<std::string>> write_png(const std::string& folder, const std::vector<Picture>& pictures) {
  WEFT_RETURN_IF_ERROR(make_folder(folder));
  std::vector<std::string> paths;
  for (const auto& picture : pictures) {
    const std::string name = file_name(picture.name);
    const fs::path path = fs::path(folder) / (name + ".png"), svg = fs::path(folder) / fmt::format(".{}-{}.svg", name, ::getpid()), png = svg.string() + ".png";
    WEFT_RETURN_IF_ERROR(write_file_atomically(svg, picture.svg));
    Status status = convert(svg, png);
    std::error_code error, ignored;
    if (status.ok()) fs::rename(png, path, error);
    if (error) status = io_error("cannot write " + path.string() + ": " + error.message());
    fs::remove(svg, ignored);
    fs::remove(png, ignored);
    WEFT_RETURN_IF_ERROR(std::move(status));
    paths.push_back(path.string());
  }
  return paths;
}

}  // namespace weft
