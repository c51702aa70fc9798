// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/report_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "app/run/report/pictures.h"
#include "app/run/report/svg_chart.h"
#include "app/run/run_service.h"
#include "tests/support/fake_engine.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Every opened element is closed in order; void elements of HTML excepted.
std::string first_imbalance(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "unclosed < at " + std::to_string(at);
    const std::string tag = html.substr(at + 1, end - at - 1);
    if (tag[0] == '!' || tag.back() == '/') continue;
    const std::string name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" \n") - (tag[0] == '/' ? 1 : 0));
    if (name == "meta") continue;
    if (tag[0] != '/')
      open.push_back(name);
    else if (open.empty() || open.back() != name)
      return "</" + name + "> at " + std::to_string(at);
    else
      open.pop_back();
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(SvgChart, DrawsWithinItsFrame) {
  ChartSeries series{.name = "a", .x = {0, 1, 2, 3}, .y = {1, std::nan(""), 3, 2}};
  const std::string svg = line_chart({series}, {.title = "t", .x_title = "x", .y_title = "y"});
  EXPECT_EQ(first_imbalance(svg), "");
  EXPECT_EQ(count_of(svg, "nan"), 0u);
  EXPECT_EQ(count_of(svg, "M"), 2u + 1u);  // two pieces around the gap, and the key of the legend
}

TEST(SvgChart, LogAxisLeavesOutWhatIsNotPositive) {
  ChartSeries series{.x = {1, 2, 3}, .y = {100, 0, 1}};
  const std::string svg = line_chart({series}, {.log_y = true});
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_THAT(svg, HasSubstr(">10<"));
}

TEST(SvgChart, EdgeCases) {
  EXPECT_THAT(line_chart({}, {}), HasSubstr("nothing was recorded"));
  EXPECT_THAT(line_chart({{.x = {1}, .y = {std::numeric_limits<double>::infinity()}}}, {}),
              HasSubstr("nothing was recorded"));
  for (const double value : {0.0, 5.0, 1e-30, 1e30, -3.0}) {
    const std::string svg = line_chart({{.x = {7, 7}, .y = {value, value}}}, {});
    EXPECT_EQ(first_imbalance(svg), "");
    EXPECT_THAT(svg, Not(HasSubstr("nan"))) << value;
  }
}

TEST(SvgChart, ALongSeriesIsThinnedButKeepsItsSpike) {
  ChartSeries series;
  for (int i = 0; i < 200000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i == 123457 ? 50.0 : 1.0);
  }
  const std::string svg = line_chart({series}, {.height = 260});
  EXPECT_LT(svg.size(), 40000u);
  double highest = 1e9;  // the smallest y coordinate of the path
  const std::size_t begin = svg.find(" d=\"");
  std::istringstream path(svg.substr(begin + 5, svg.find('"', begin + 4) - begin - 5));
  for (std::string point; std::getline(path, point, 'L');)
    highest = std::min(highest, std::stod(point.substr(point.find(' ') + 1)));
  EXPECT_LT(highest, 40);
}

TEST(HeatMap, EmptyCellsStayEmpty) {
  const std::string svg = heat_map({"t", "s", {"0", "1"}, {"q", "v"}, {1, std::nan(""), 2, 3}});
  EXPECT_EQ(first_imbalance(svg), "");
  EXPECT_EQ(count_of(svg, "<title>"), 3u);
}

// A file of its own: nothing in it refers to the page's style sheet, its text is escaped, and its name stays in the folder.
TEST(Pictures, AreWholeDocumentsThatAnyProgramDraws) {
  const test::TemporaryFolder folder;
  const ChartSeries a{.name = "r1 <& \"co\">", .x = {1, 2, 3}, .y = {3, 2, 1}, .colour = 2, .style = ChartSeries::Style::Points};
  std::vector<ChartSeries> many(12, a);
  const std::vector<Picture> pictures{line_picture("../loss of/all", {a}, {.title = "Loss <1>", .x_title = "step", .y_title = "loss"}), line_picture("many", many, {.title = "t"}),
                                      heat_picture("ranks", {"t", "s", {"0", "1"}, {"q", "v"}, {1, std::nan(""), 2, 3}}), heat_picture("none", {"t", "s", {}, {}, {}})};
  for (const auto& picture : pictures) {
    EXPECT_EQ(first_imbalance(picture.svg), "") << picture.name;
    EXPECT_TRUE(picture.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=")) << picture.name;
    for (const char* missing : {"var(", "<p>", "<p ", "<div", "<span"}) EXPECT_THAT(picture.svg, Not(HasSubstr(missing))) << picture.name;
  }
  EXPECT_THAT(pictures[0].svg, HasSubstr("Loss &lt;1&gt;"));
  EXPECT_THAT(pictures[0].svg, HasSubstr("r1 &lt;&amp; &quot;co&quot;&gt;"));
  EXPECT_THAT(pictures[0].svg, HasSubstr("stroke:#D98C00")) << "the light palette's second colour";
  EXPECT_THAT(pictures[3].svg, HasSubstr("nothing was recorded"));
  const auto paths = write_svg(folder.file("new/pictures"), pictures);
  ASSERT_TRUE(paths.ok()) << paths.status().message();
  EXPECT_EQ(paths->front(), folder.file("new/pictures/_.._loss_of_all.svg"));
  EXPECT_EQ(test::content_of(paths->front()), pictures[0].svg);
}

// By librsvg, twice as large as the drawing; without it the sentence says what to install and what works without.
TEST(Pictures, ArePngWhereTheProgramThatDrawsThemIsThere) {
  const test::TemporaryFolder folder;
  const std::vector<Picture> pictures{line_picture("loss", {{.x = {1, 2}, .y = {1, 2}}}, {.title = "Loss"})};
  const auto paths = write_png(folder.file("png"), pictures);
  if (paths.ok()) {
    const std::string png = test::content_of(paths->front());
    ASSERT_GT(png.size(), 1000U);
    EXPECT_EQ(png.substr(1, 3), "PNG");
    const auto size_at = [&](std::size_t at) { return (static_cast<unsigned char>(png[at + 2]) << 8) | static_cast<unsigned char>(png[at + 3]); };
    EXPECT_EQ(size_at(16), 2 * (760 + 32));
  } else {
    EXPECT_THAT(paths.status().message(), HasSubstr("librsvg2-bin"));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.file("png"))) EXPECT_EQ(entry.path().filename(), "loss.png") << "nothing else stays";
  const char* path = std::getenv("PATH");
  const std::string before = path ? path : "";
  ASSERT_EQ(::setenv("PATH", "/nowhere", 1), 0);
  const auto missing = write_png(folder.file("png"), pictures);
  ASSERT_EQ(::setenv("PATH", before.c_str(), 1), 0);
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.status().message(), HasSubstr("--svg writes the same pictures"));
}

TEST(Report, TellsTheRunAndEscapesEverything) {
  const test::TemporaryFolder folder;
  auto project = Project::open(folder.file("p.weft"), true);
  ASSERT_TRUE(project.ok());
  test::FakeEngine engine({.warning = "<script>alert('warned')</script>"});
  RunService service(engine, **project);
  TrainRequest request;
  request.model["path"] = folder.write("<img src=x>&.gguf", "x");
  request.data["path"] = folder.write("rows.jsonl", "{}");
  request.train = {{"steps", 10}, {"eval_every", 5}, {"checkpoint_every", 4}};
  const auto run = service.start(request);
  ASSERT_TRUE(run.ok());
  (void)service.wait();
  const auto file = write_report(**project, *run, folder.file("report"));
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(*file, folder.file("report/index.html"));
  const std::string html = test::content_of(*file);
  EXPECT_EQ(first_imbalance(html), "");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;warned&#39;)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("&lt;img src=x&gt;&amp;.gguf"));
  for (const char* part : {"10 of 10", "held-out rows", "model.layers.2.self_attn.q_proj", "Effective rank", "[train]",
                           "schedule", "checkpoints/r", "step 5", "step 10"})
    EXPECT_THAT(html, HasSubstr(part));
  EXPECT_EQ(count_of(html, "<svg class=\"chart\""), 3u + 3u);  // loss, rate, norm; three sites
  EXPECT_EQ(count_of(html, "<svg class=\"heat\""), 1u);
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
}

TEST(Report, ARunThatNeverStartedHasAPageToo) {
  const test::TemporaryFolder folder;
  auto project = Project::open(folder.file("p.weft"), true);
  ASSERT_TRUE(project.ok());
  const auto run = (*project)->create_run(Json::object(), 0);
  ASSERT_TRUE(run.ok());
  const auto html = report_page(**project, *run);
  ASSERT_TRUE(html.ok()) << html.status().message();
  EXPECT_EQ(first_imbalance(*html), "");
  EXPECT_FALSE(report_page(**project, 77).ok());
}

}  // namespace
}  // namespace weft
