// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/call.h"

#include <CLI/CLI.hpp>

namespace weft::cli {

Arguments::Arguments(CLI::App& parent, const std::string& name, const std::string& summary, const std::string& example)
    : app_(parent.add_subcommand(name, summary)) {
  app_->footer("Example:\n  " + example);
}

void Arguments::on_parsed(std::function<void()> then) const {
  app_->callback(std::move(then));
}

void Arguments::need_subcommand() const {
  app_->require_subcommand(1);
}

void Arguments::text(const std::string& name, std::string& value, const std::string& help) const {
  app_->add_option(name, value, help)->capture_default_str();
}

void Arguments::text_required(const std::string& name, std::string& value, const std::string& help) const {
  app_->add_option(name, value, help)->required();
}

void Arguments::text_if_given(const std::string& name, std::optional<std::string>& value,
                              const std::string& help) const {
  app_->add_option_function<std::string>(
      name, [&value](const std::string& given) { value = given; }, help);
}

void Arguments::texts(const std::string& name, std::vector<std::string>& values, const std::string& help) const {
  auto* option = app_->add_option(name, values, help);
  if (name.starts_with('-')) option->allow_extra_args(false);  // what follows a value is no other value of it, but of a positional one it is
}

void Arguments::numbers_required(const std::string& name, std::vector<std::int32_t>& values,
                                 const std::string& help) const {
  app_->add_option(name, values, help)->required()->delimiter(',');
}

void Arguments::number(const std::string& name, std::int64_t& value, std::int64_t min, std::int64_t max,
                       const std::string& help) const {
  app_->add_option(name, value, help)->check(CLI::Range(min, max));
}

void Arguments::flag(const std::string& name, bool& value, const std::string& help) const {
  app_->add_flag(name, value, help);
}

void Arguments::json_flag(Call& call, const std::string& help) const {
  flag("--json", call.json, help);
}

void Arguments::quiet_flag(Call& call) const {
  flag("--quiet", call.quiet, "no progress, only warnings and results");
}

}  // namespace weft::cli
