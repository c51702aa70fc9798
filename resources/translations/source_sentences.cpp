// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/translations/source_sentences.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

namespace weft {
namespace {

constexpr char kValue = '\1';   // stands for a value until the places are counted

struct Token {
  enum Kind { Text, Letter, Word, Sign } kind;
  std::string text;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : s_(source) {}

  std::vector<Token> all() {
    while (at_ < s_.size()) step();
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead) const { return at_ + ahead < s_.size() ? s_[at_ + ahead] : '\0'; }
  void to_end_of_line() { at_ = std::min(s_.find('\n', at_), s_.size()); }

  void add_text(std::string text) {
    if (!out_.empty() && out_.back().kind == Token::Text)
      out_.back().text += text;   // literals side by side are one
    else
      out_.push_back({Token::Text, std::move(text)});
  }

  std::string quoted(char end) {
    std::string text;
    for (++at_; at_ < s_.size() && s_[at_] != end; ++at_) {
      if (s_[at_] == '\\' && at_ + 1 < s_.size()) {
        ++at_;
        text += s_[at_] == 'n' ? '\n' : s_[at_];
      } else {
        text += s_[at_];
      }
    }
    ++at_;
    return text;
  }

  void raw() {
    const std::size_t open = s_.find('(', at_);
    if (open == std::string_view::npos) return to_end_of_line();
    const std::string end = ")" + std::string(s_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const std::size_t close = std::min(s_.find(end, open), s_.size());
    add_text(std::string(s_.substr(open + 1, close - open - 1)));
    at_ = std::min(close + end.size(), s_.size());
  }

  void step() {
    const char c = s_[at_];
    if (c == '\n' || std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      to_end_of_line();
    } else if (c == '/' && peek(1) == '*') {
      at_ = std::min(s_.find("*/", at_ + 2), s_.size() - 2) + 2;
    } else if (c == '#') {
      define_or_skip();
    } else if (c == '\\') {
      ++at_;   // a macro's line goes on
    } else if (c == 'R' && peek(1) == '"') {
      raw();
    } else if (c == '"') {
      add_text(quoted('"'));
    } else if (c == '\'' && peek(1) != '\\' && peek(2) != '\'') {
      ++at_;   // a lifetime of Rust, or a letter of several bytes
    } else if (c == '\'') {
      out_.push_back({Token::Letter, quoted('\'')});
    } else if (is_word(c)) {
      std::string word;
      const bool number = std::isdigit(static_cast<unsigned char>(c)) != 0;
      while (at_ < s_.size() && (is_word(s_[at_]) || (number && s_[at_] == '\'' && is_word(peek(1))))) word += s_[at_++];
      out_.push_back({Token::Word, std::move(word)});
    } else {
      static constexpr std::array<const char*, 11> kPairs = {"::", "->", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "+="};
      std::string sign(1, c);
      for (const char* pair : kPairs)
        if (s_.compare(at_, 2, pair) == 0) sign = pair;
      at_ += sign.size();
      out_.push_back({Token::Sign, std::move(sign)});
    }
  }

  // The list of a macro holds texts; other lines of the preprocessor hold names of files.
  void define_or_skip() {
    if (s_.compare(at_, 8, "#define ") == 0)
      at_ += 8;
    else
      to_end_of_line();
  }

  std::string_view s_;
  std::size_t at_ = 0;
  std::vector<Token> out_;
};

std::string without_specs(const std::string& format) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const bool doubled = i + 1 < format.size() && format[i + 1] == format[i];
    if ((format[i] == '{' || format[i] == '}') && doubled) {
      out += format[i++];
    } else if (format[i] == '{') {
      i = std::min(format.find('}', i), format.size() - 1);
      out += kValue;
    } else {
      out += format[i];
    }
  }
  return out;
}

bool any_of(std::string_view text, const auto& list) {
  return std::any_of(list.begin(), list.end(), [&](const char* one) { return text == one; });
}

// Joins the operands of + within brackets; what stands in further brackets is read on its own.
class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : t_(std::move(tokens)) {}

  std::vector<std::string> all() {
    while (at_ < t_.size()) within("");
    return std::move(found_);
  }

 private:
  struct Chain {
    std::string text;      // of the operands before this one
    std::string operand;
    bool literal = false;  // the operand is one
    bool begun = false;    // there is an operand
    bool says = false;     // one of them was a literal

    void close_operand() {
      if (begun) text += literal ? operand : std::string(1, kValue);
      operand.clear();
      literal = begun = false;
    }
  };

  [[nodiscard]] bool is(std::size_t at, const char* text) const { return at < t_.size() && t_[at].text == text && t_[at].kind != Token::Text; }
  [[nodiscard]] bool is_text(std::size_t at) const { return at < t_.size() && t_[at].kind == Token::Text; }

  void keep(Chain& chain, const std::string& maker) {
    chain.close_operand();
    static constexpr std::array<const char*, 14> kElsewhere = {"tr", "translate", "QStringLiteral", "QLatin1String", "static_assert", "execute", "prepare", "run_once", "assert",
                                                               "starts_with", "ends_with", "find", "matches", "statement"};
    if (chain.says && !any_of(maker, kElsewhere)) found_.push_back(maker == "X" ? without_specs(chain.text) : chain.text);   // X: a list of formats
    chain = {};
  }

  // From after an opening bracket to its end. The name before the bracket says whose it is.
  void within(const std::string& maker) {
    const bool joined = maker == "TORCH_CHECK";   // whose message is its arguments, after the first
    bool condition = joined;
    Chain chain;
    while (at_ < t_.size()) {
      const Token& token = t_[at_];
      if (token.kind == Token::Text || token.kind == Token::Letter) {
        chain.operand = token.text;
        chain.literal = chain.begun = true;
        chain.says |= token.kind == Token::Text;
        ++at_;
      } else if (token.kind == Token::Word) {
        word(chain, token.text, maker);
      } else if (is(at_, "(") || is(at_, "[") || is(at_, "{")) {
        const bool named = at_ > 0 && t_[at_ - 1].kind == Token::Word;
        const std::string name = named ? t_[at_ - 1].text : "";
        if (token.text == "{") keep(chain, maker);
        chain.begun = true;
        ++at_;
        within(name);
        if (chain.literal && !named) chain.literal = false;
      } else if (is(at_, ")") || is(at_, "]") || is(at_, "}")) {
        ++at_;
        return keep(chain, maker);
      } else if (is(at_, "+") || (joined && !condition && is(at_, ","))) {
        chain.close_operand();
        ++at_;
      } else if (is(at_, "::") || is(at_, "->") || is(at_, ".") || is(at_, "*") || is(at_, "&") || is(at_, "-") || is(at_, "/") || is(at_, "!")) {
        ++at_;
      } else {
        if (is(at_, ",")) condition = false;
        keep(chain, maker);
        ++at_;
      }
    }
    keep(chain, maker);
  }

  void word(Chain& chain, const std::string& name, const std::string& maker) {
    if (name == "return" || name == "case" || name == "else") {
      keep(chain, maker);
      ++at_;
      return;
    }
    chain.begun = true;
    chain.literal = false;
    const std::size_t open = at_ + (is(at_ + 1, "!") ? 2 : 1);   // format!( in Rust
    if (name == "format" && is(open, "(") && is_text(open + 1)) {
      const std::string text = without_specs(t_[open + 1].text);
      at_ = open + 2;
      within("format");
      chain.operand = text;
      chain.literal = chain.says = true;
    } else if (name == "string" && is(at_ + 1, "(") && is_text(at_ + 2) && is(at_ + 3, ")")) {
      chain.operand = t_[at_ + 2].text;
      chain.literal = chain.says = true;
      at_ += 4;
    } else {
      ++at_;
    }
  }

  std::vector<Token> t_;
  std::size_t at_ = 0;
  std::vector<std::string> found_;
};

bool is_sentence(std::string_view text) {
  static constexpr std::array<const char*, 15> kSql = {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "PRAGMA", "CASE", "ORDER", "FROM", "WHERE", "BEGIN", "ATTACH", "ALTER", "VACUUM", "DROP"};
  static constexpr std::array<const char*, 10> kNoWords = {"/proc/", "/sys/", "arXiv:", "%*", "?immutable", "%l", "\":", "{%", "\\p{", "SQLite format"};
  if (text.find_first_of("\n<>$") != std::string_view::npos || text.find(' ') == std::string_view::npos) return false;
  if (std::any_of(kNoWords.begin(), kNoWords.end(), [&](const char* one) { return text.find(one) != std::string_view::npos; })) return false;
  int words = 0;
  bool small = false;
  for (std::size_t i = 0; i < text.size();) {
    if (std::isalpha(static_cast<unsigned char>(text[i])) == 0) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (is_word(text[end]) || text[end] == '-' || text[end] == '\'' || text[end] == '.')) ++end;
    const std::string_view word = text.substr(i, end - i);
    if (any_of(word, kSql)) return false;
    const bool name = word.find('_') != std::string_view::npos || (word.find('.') != std::string_view::npos && word.find('.') + 1 < word.size());
    words += name ? 0 : 1;
    small |= !name && word.size() > 1 && std::all_of(word.begin(), word.end(), [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0 || !is_word(c); });
    i = end;
  }
  return words >= 2 && small;
}

// "%1" and the like back to what stands for a value.
std::string without_places(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '%' && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0;
    out += place ? kValue : text[i];
    if (!place) continue;
    while (i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0) ++i;
  }
  return out;
}

std::string with_places(std::string_view text) {
  std::string out;
  int places = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != kValue)
      out += text[i];
    else if (i == 0 || text[i - 1] != kValue)
      out += "%" + std::to_string(++places);
  }
  return out;
}

}  // namespace

std::vector<std::string> sentences_of_source(std::string_view source) {
  std::vector<std::string> sentences;
  for (const auto& text : Reader(Lexer(source).all()).all())
    if (is_sentence(text)) sentences.push_back(with_places(text));
  return sentences;
}

std::vector<std::string> clauses_of(std::string_view sentence) {
  const std::string whole = without_places(sentence);
  std::string_view rest = whole;
  std::vector<std::string> clauses;
  while (true) {
    const std::size_t end = std::min(rest.find("; "), rest.size());
    if (is_sentence(rest.substr(0, end))) clauses.push_back(with_places(rest.substr(0, end)));
    if (end == rest.size()) return clauses;
    rest.remove_prefix(end + 2);
  }
}

}  // namespace weft
