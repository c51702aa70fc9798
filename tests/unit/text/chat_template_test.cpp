// SPDX-License-Identifier: GPL-3.0-or-later
// Chat templates against renderings made by Python transformers (tests/data/tokenizers/make_golden.py).
#include "engine/text/chat_template.h"

#include <sys/resource.h>

#include <algorithm>

#include "tests/unit/text/text_support.h"

namespace weft::test {
namespace {

Json messages(std::initializer_list<std::pair<const char*, const char*>> turns) {
  Json list = Json::array();
  for (const auto& [role, text] : turns) list.push_back({{"role", role}, {"content", text}});
  return list;
}

ChatTemplate compiled(const std::string& source, const std::string& bos = "<s>", const std::string& eos = "</s>") {
  auto chat = ChatTemplate::from_source(source, bos, eos);
  EXPECT_TRUE(chat.ok()) << chat.status().message();
  return *chat;
}

std::string first_difference(const std::string& ours, const std::string& theirs) {
  const auto at = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  const auto from = static_cast<std::size_t>(at.first - ours.begin());
  const auto excerpt = [&](const std::string& text) { return text.substr(from - std::min<std::size_t>(from, 40), 100); };
  return "byte " + std::to_string(from) + "\n ours:   ..." + excerpt(ours) + "\n theirs: ..." + excerpt(theirs);
}

std::string rendered(const std::string& source, const Json& list = messages({{"user", "Hi"}})) {
  auto chat = ChatTemplate::from_source(source, "<s>", "</s>");
  if (!chat.ok()) return "compile: " + chat.status().message();
  auto result = chat->render(list, true);
  return result.ok() ? result->text : "render: " + result.status().message();
}

TEST(ChatTemplate, RendersAsTransformersDoes) {
  const Json golden = json_of(fixture("rendered.json"));
  std::map<std::string, ChatTemplate> templates;
  std::size_t compared = 0, refused = 0;
  for (const Json& one : golden["cases"]) {
    const auto name = one["template"].get<std::string>();
    if (templates.find(name) == templates.end()) {
      const std::string file = fixture("chat_templates/" + name);
      auto chat = name.ends_with(".jinja")
                      ? ChatTemplate::from_source(content(file), golden["bos_token"].get<std::string>(), golden["eos_token"].get<std::string>())
                      : ChatTemplate::named(name, golden["bos_token"].get<std::string>(), golden["eos_token"].get<std::string>());
      ASSERT_TRUE(chat.ok()) << chat.status().message();
      templates.emplace(name, *chat);
    }
    const auto index = one["conversation"].get<std::size_t>();
    SCOPED_TRACE(name + " with conversation " + std::to_string(index));
    auto result = templates.at(name).render_with(golden["conversations"][index], one["add_generation_prompt"].get<bool>(),
                                                 one.value("variables", Json::object()), golden["date"].get<std::string>());
    if (one.contains("error")) {
      EXPECT_FALSE(result.ok()) << "transformers refuses: " << one["error"];
      ++refused;
      continue;
    }
    ASSERT_TRUE(result.ok()) << result.status().message();
    const auto expected = one["text"].get<std::string>();
    EXPECT_TRUE(result->text == expected) << first_difference(result->text, expected);
    Json ranges = Json::array();
    for (const auto& [begin, end] : result->generation) ranges.push_back({begin, end});
    EXPECT_EQ(ranges, one["generation"]) << result->text;
    ++compared;
  }
  EXPECT_GT(compared, 90u);
  EXPECT_GT(refused, 5u);
}

TEST(ChatTemplate, GenerationRangesHoldTheAnswers) {
  for (const char* name : {"chatml", "alpaca", "plain"}) {
    auto chat = ChatTemplate::named(name, "<s>", "</s>");
    ASSERT_TRUE(chat.ok()) << chat.status().message();
    EXPECT_EQ(chat->name(), name);
    auto result = chat->render(messages({{"user", "Frage é?"}, {"assistant", "Ja, ü."}, {"user", "x"}, {"assistant", "y"}}), false);
    ASSERT_TRUE(result.ok()) << result.status().message();
    ASSERT_EQ(result->generation.size(), 2u) << name;
    const auto [begin, end] = result->generation[0];
    const std::string answer = result->text.substr(begin, end - begin);
    EXPECT_EQ(answer, std::string("Ja, ü.") + (std::string(name) == "chatml" ? "<|im_end|>" : "</s>"));
  }
}

TEST(ChatTemplate, ErrorsNameTheLineAndTheReason) {
  EXPECT_THAT(rendered("line 1\n{{ raise_exception('roles must alternate') }}"), ::testing::HasSubstr("line 2: roles must alternate"));
  EXPECT_THAT(rendered("a\nb\n{% if %}"), ::testing::HasSubstr("compile: chat template given: line 3: "));
  EXPECT_THAT(rendered("{{ unclosed_bracket"), ::testing::HasSubstr("compile: "));
  EXPECT_THAT(rendered("{{ messages[0].content + 1 }}"), ::testing::HasSubstr("line 1: + does not work on string and number"));
  EXPECT_THAT(rendered("{{ nothing.here }}"), ::testing::HasSubstr("undefined"));
  EXPECT_THAT(rendered("{{ 1 | sqrt }}"), ::testing::HasSubstr("sqrt"));
  EXPECT_THAT(rendered("{% include 'x' %}"), ::testing::HasSubstr("render: "));
  EXPECT_THAT(rendered(std::string("\xFF\xFE {{ 1 }}")), ::testing::HasSubstr("not valid UTF-8 at byte 0"));
  auto chat = compiled("x");
  EXPECT_EQ(chat.render(Json("text"), false).status().code(), ErrorCode::InvalidArgument);
}

TEST(ChatTemplate, NamesWhatItDoesNotKnow) {
  auto chat = ChatTemplate::named("chatmal");
  ASSERT_FALSE(chat.ok());
  EXPECT_EQ(chat.status().code(), ErrorCode::NotFound);
  EXPECT_THAT(chat.status().message(), ::testing::HasSubstr("chatml"));
}

// Templates come with models: none may hang, exhaust the memory or end the program. Each has a few seconds.
TEST(ChatTemplate, HostileTemplatesEndInAnError) {
  const std::string doubled = "{% set ns = namespace(x='aaaaaaaaaaaaaaaa', l=[1,2]) %}";
  const std::pair<const char*, std::string> hostile[] = {
      {"doubling with +", doubled + "{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x | length }}"},
      {"doubling with ~", doubled + "{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x | length }}"},
      {"doubling a list", doubled + "{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l | length }}"},
      {"nesting a list in itself twice", doubled + "{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l == 1 }}"},
      {"nesting deeply", doubled + "{% for i in range(90000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}"},
      {"nesting namespaces", doubled + "{% for i in range(90000) %}{% set ns.l = namespace(a=ns.l) %}{% endfor %}"},
      {"nesting maps", doubled + "{% for i in range(90000) %}{% set ns.l = {'a': ns.l} %}{% endfor %}"},
      {"nesting by dict()", doubled + "{% for i in range(90000) %}{% set ns.l = dict(a=ns.l) %}{% endfor %}"},
      {"stacking lazy lists", doubled + "{% for i in range(90000) %}{% set ns.l = ns.l | map('string') %}{% endfor %}{{ ns.l | length }}x{{ raise_exception('done') }}"},
      {"replace", doubled + "{% for i in range(60) %}{% set ns.x = ns.x | replace('a', ns.x) %}{% endfor %}"},
      {".replace", doubled + "{% for i in range(60) %}{% set ns.x = ns.x.replace('a', ns.x) %}{% endfor %}"},
      {"join", doubled + "{% for i in range(60) %}{% set ns.x = range(1000) | join(ns.x) %}{% endfor %}"},
      {".join", doubled + "{% for i in range(60) %}{% set ns.x = ns.x.join(['a'] * 1000) %}{% endfor %}"},
      {"repeating", "{% for i in range(1000) %}{{ 'a' * 99999999 }}{% endfor %}"},
      {"repeating constants", "{% set a = 'a' * 99999999 %}{% set b = 'b' * 99999999 %}{% set c = 'c' * 9999999999 %}"},
      {"repeating a list", "{{ ([1] * 99999999) | length }}"},
      {"indent", "{{ ('a\n' * 1000) | indent(999999999) }}"},
      {"tojson indent", "{{ [1] | tojson(indent=999999999) }}"},
      {"batch", "{{ [1] | batch(999999999, 'x') | list | length }}"},
      {"format", "{{ '%999999999d' | format(1) }}"},
      {".format", "{{ '{:>999999999}'.format(1) }}"},
      {"nested loops", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"},
      {"output without end", "{% for a in range(99999) %}{% for b in range(99999) %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}{% endfor %}"},
      {"captured output", "{% set x %}{% for a in range(99999) %}{% for b in range(99999) %}" + std::string(20000, 'a') + "{% endfor %}{% endfor %}{% endset %}"},
      {"recursive macro", "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}"},
      {"recursive loop", "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}"},
      {"comparisons of long texts", "{% set a = 'a' * 20000000 %}{% set b = 'a' * 20000000 %}{% for i in range(99999) %}{% if a == b %}{% endif %}{% endfor %}"},
      {"chained comparisons", "{% set a = 'a' * 20000000 %}{% set b = 'a' * 20000000 %}{% for i in range(99999) %}{% if a <= b <= a %}{% endif %}{% endfor %}"},
      {"brackets", std::string(100000, '(')},
      {"open brackets in a tag", "{{ " + std::string(100000, '[') + " }}"},
      {"many ifs", [] { std::string t; for (int i = 0; i < 20000; ++i) t += "{% if 1 %}"; return t; }()},
      {"a long sum", [] { std::string t = "{{ a"; for (int i = 0; i < 60000; ++i) t += "+1"; return t + " }}"; }()},
      {"a long template", std::string(300000, 'a')},
      {"python", "{{ ''.__class__.__mro__[1].__subclasses__() }}"},
  };
  for (const auto& [name, source] : hostile) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string result = rendered(source);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const bool harmless = std::string(name) == "brackets";  // just text
    EXPECT_EQ(result.starts_with("compile: ") || result.starts_with("render: "), !harmless) << name << ": " << result.substr(0, 200);
    EXPECT_EQ(result.find('\n'), std::string::npos) << name;
    EXPECT_LT(seconds, 20) << name;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss / 1024, 500) << "MB at the peak";
}

TEST(ChatTemplate, SharedHostileTemplates) {
  const std::string root = shared("hostile/chat_template");
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no ../shared/data beside the project";
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path().string());
    const Json config = json_of(entry.path().string());
    const std::string source = config.value("chat_template", std::string());
    const std::string result = rendered(source, messages({{"system", "s"}, {"user", "u"}, {"assistant", "a"}}));
    const std::string kind = entry.path().parent_path().filename().string();
    const bool refused = result.starts_with("compile: ") || result.starts_with("render: ");
    EXPECT_FALSE(refused && kind == "benign") << result;
    EXPECT_TRUE(refused || kind != "malicious" || result.size() < 40) << result;
    ++seen;
  }
  EXPECT_EQ(seen, 26u);
}

}  // namespace
}  // namespace weft::test
