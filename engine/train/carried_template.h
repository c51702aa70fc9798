// SPDX-License-Identifier: GPL-3.0-or-later
// The chat template a run trains with: kept in its checkpoints, written beside what is exported of them. Plain functions; engine thread.
#pragma once

#include <string>

#include "engine/api/train_request.h"
#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

// {"name", "text"}; null where rows are rendered by none. text: empty for the model's own, which is the model's to say.
[[nodiscard]] Json template_to_keep(const TrainRequest& request);

// The template as the adapter's run trained; "" where the adapter does not say, or is not of a conversation. own_too: the model's own as well, for what is written
// without tokenizer files.
[[nodiscard]] Result<std::string> carried_template(const std::string& adapter, const std::string& model, bool own_too);
// The same as chat_template.jinja into `folder`; nothing where there is none.
[[nodiscard]] Status write_carried_template(const std::string& adapter, const std::string& model, bool own_too, const std::string& folder);

}  // namespace weft
