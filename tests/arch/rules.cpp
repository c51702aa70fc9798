// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/rules.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace weft::arch {
namespace {

constexpr int kMaxLines = 800;

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) { return text.rfind(p, 0) == 0; });
}

bool ends_with_any(const std::string& text, const std::vector<std::string>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const std::string& e) { return text.ends_with(e); });
}

// One row of the table: files under `folders` may include our own headers only under `own`, and no library of `never`.
struct Layer {
  const char* name;
  std::vector<std::string> folders;
  std::vector<std::string> own;
  std::vector<std::string> never;
};

const std::vector<std::string> kTorch = {"torch/", "ATen/", "c10/", "caffe2/"};
const std::vector<std::string> kSqlite = {"sqlite3"};
const std::vector<std::string> kQt = {"Q", "qcustomplot"};  // every Qt header begins with a capital Q, and no other does

std::vector<std::string> all_of(std::initializer_list<std::vector<std::string>> lists) {
  std::vector<std::string> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

// The first row whose folder holds the file decides, so narrower rows stand first.
const std::vector<Layer>& layers() {
  static const std::vector<std::string> prep = {"engine/core/", "engine/api/",  "engine/formats/",        "engine/text/",
                                                "engine/data/", "engine/quant/", "engine/plan/",
                                                "engine/adapter/presets/"};
  static const std::vector<Layer> table = {
      {"weft_core", {"engine/core/"}, {"engine/core/"}, all_of({kTorch, kSqlite, kQt})},
      {"weft_prep", prep, prep, all_of({kTorch, kSqlite, kQt})},
      {"weft_engine", {"engine/"}, {"engine/"}, all_of({kSqlite, kQt})},
      {"projects/api", {"projects/api/"}, {"engine/core/", "projects/api/"}, all_of({kTorch, kSqlite, kQt})},
      {"weft_projects", {"projects/"}, {"engine/core/", "projects/"}, all_of({kTorch, kQt})},
      {"weft_ui", {"ui/"}, {"engine/core/", "engine/api/", "projects/api/", "ui/"}, all_of({kTorch, kSqlite})},
      {"weft_run", {"app/run/"}, {"engine/core/", "engine/api/", "projects/api/", "app/run/"}, all_of({kTorch, kSqlite, kQt})},
      {"weft-cli", {"app/cli/"}, {"engine/", "projects/", "app/run/", "app/cli/"}, all_of({kTorch, kSqlite, kQt})},
      {"weft", {"app/gui/"}, {"engine/core/", "engine/api/", "projects/api/", "ui/", "app/"}, all_of({kTorch, kSqlite})},
  };
  return table;
}

struct Line {
  int number;
  std::string text;
};

std::vector<Line> lines_of(const std::string& text) {
  std::vector<Line> lines;
  std::istringstream in(text);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) lines.push_back({number, line});
  return lines;
}

std::string at(const Source& source, int line, const std::string& what) {
  return source.path + ":" + std::to_string(line) + ": " + what;
}

bool is_cpp(const std::string& path) { return ends_with_any(path, {".h", ".cpp", ".cu", ".cuh"}); }

// The line without its comment: a comment may name what code must not call.
std::string code_part(const std::string& line) { return line.substr(0, line.find("//")); }

}  // namespace

std::vector<std::string> check_includes(const Source& source) {
  std::vector<std::string> found;
  if (!is_cpp(source.path)) return found;
  const auto layer = std::find_if(layers().begin(), layers().end(),
                                  [&](const Layer& l) { return starts_with_any(source.path, l.folders); });
  static const std::regex include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  for (const auto& [number, text] : lines_of(source.text)) {
    std::smatch match;
    if (!std::regex_search(text, match, include)) continue;
    const std::string name = match[2];
    if (name == "torch/torch.h" || name == "torch/all.h") {
      found.push_back(at(source, number, name + " pulls in all of LibTorch: include what is used"));
    }
    if (layer == layers().end()) continue;
    if (starts_with_any(name, layer->never)) {
      found.push_back(at(source, number, std::string(layer->name) + " must never see " + name));
    }
    const bool own = match[1] == "\"" && !starts_with_any(name, kQt);
    const bool generated = ends_with_any(name, {".moc"}) || name == "named_templates.h";  // made in the build folder
    if (own && !generated && !starts_with_any(name, layer->own)) {
      found.push_back(at(source, number, std::string(layer->name) + " may not include \"" + name +
                                             "\" (project includes are quoted and begin at the root)"));
    }
  }
  return found;
}

std::vector<std::string> check_forbidden_calls(const Source& source) {
  struct Rule {
    std::regex call;
    std::vector<std::string> where, except;
    const char* instead;
  };
  static const std::vector<std::string> everywhere = {"engine/", "projects/", "ui/", "app/", "tests/"};
  static const std::vector<Rule> rules = {
      {std::regex(R"(\bstd::(cout|cerr|clog)\b)"), {"engine/", "projects/", "ui/", "app/run/"}, {},
       "libraries return values and events; only the programs print"},
      {std::regex(R"(\bq(Debug|Info|Warning|Critical)\s*\()"), {"engine/", "projects/", "ui/", "app/"}, {}, "say it in the log panel"},
      {std::regex(R"(\b(torch|at)::manual_seed\b)"), everywhere, {}, "pass a generator: no global random state"},
      {std::regex(R"(\b(sleep_for|sleep_until|usleep|nanosleep|qSleep)\s*\()"), {"tests/"}, {"tests/bench/"},
       "wait for the condition itself, not for time"},
  };
  std::vector<std::string> found;
  if (!is_cpp(source.path)) return found;
  for (const auto& rule : rules) {
    if (!starts_with_any(source.path, rule.where) || starts_with_any(source.path, rule.except)) continue;
    for (const auto& [number, text] : lines_of(source.text)) {
      const std::string code = code_part(text);
      std::smatch match;
      if (std::regex_search(code, match, rule.call)) {
        found.push_back(at(source, number, match.str() + " is not used here: " + rule.instead));
      }
    }
  }
  return found;
}

std::vector<std::string> check_licence_line(const Source& source) {
  const bool code = is_cpp(source.path) || source.path == "run" || source.path == ".ci/run" ||
                    ends_with_any(source.path, {".rs", ".py", ".sh", ".sql"});
  if (!code) return {};
  const auto lines = lines_of(source.text.substr(0, 400));
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 2); ++i) {  // the second where a #! line stands first
    if (lines[i].text.find("SPDX-License-Identifier: GPL-3.0-or-later") != std::string::npos) return {};
  }
  return {at(source, 1, "the SPDX licence line is missing")};
}

std::vector<std::string> check_machine_paths(const Source& source) {
  // Written in pieces, or this file would break its own rule.
  static const std::regex machine("(^|[^A-Za-z0-9_.}])/(" "root|work|home/[a-z]{3,}|Users/[a-z]{3,}" ")/");
  std::vector<std::string> found;
  for (const auto& [number, text] : lines_of(source.text)) {
    std::smatch match;
    if (std::regex_search(text, match, machine)) found.push_back(at(source, number, "a path of one machine: " + match.str()));
  }
  return found;
}

std::vector<std::string> check_length(const Source& source) {
  const bool code = is_cpp(source.path) || ends_with_any(source.path, {".rs", ".py", ".sh"});
  const auto lines = std::count(source.text.begin(), source.text.end(), '\n');
  if (!code || lines <= kMaxLines) return {};
  return {at(source, kMaxLines, std::to_string(lines) + " lines: split the file along its jobs (limit " +
                                    std::to_string(kMaxLines) + ")")};
}

std::vector<Source> read_tree(const std::string& root) {
  namespace fs = std::filesystem;
  static const std::vector<std::string> text_endings = {".h",  ".cpp", ".cu",   ".cuh", ".rs",    ".py", ".sh",
                                                        ".sql", ".md",  ".json", ".toml", ".cmake", ".txt"};
  static const std::array<const char*, 6> folders = {"app", "engine", "projects", "ui", "resources", "tests"};
  std::vector<Source> sources;
  const auto add = [&](const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    sources.push_back({fs::relative(file, root).generic_string(), std::move(text)});
  };
  for (const char* folder : folders) {
    for (auto it = fs::recursive_directory_iterator(fs::path(root) / folder); it != fs::recursive_directory_iterator(); ++it) {
      const std::string path = fs::relative(it->path(), root).generic_string();
      if (it->is_directory() && (path == "tests/data" || path.ends_with("/target"))) it.disable_recursion_pending();
      if (it->is_regular_file() && ends_with_any(path, text_endings)) add(it->path());
    }
  }
  for (const char* file : {"run", ".ci/run", "CMakeLists.txt", "CMakePresets.json", "README.md"}) {
    if (fs::exists(fs::path(root) / file)) add(fs::path(root) / file);
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace weft::arch
