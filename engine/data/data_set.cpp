// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_set.h"

#include "engine/data/data_loader.h"
#include "engine/formats/model_source.h"

namespace weft {
namespace {

// The tokens that the model knows; 0 when it cannot be said.
std::int64_t vocabulary_of(const std::string& model_path) {
  const auto source = ModelSource::open(model_path);
  return source.ok() ? (*source)->config().vocabulary : 0;
}

}  // namespace

DataSet::DataSet(LoadedRows rows)
    : train_(std::move(rows.train)),
      held_out_(std::move(rows.held_out)),
      preview_(std::move(rows.preview)),
      feed_(std::move(rows.feed)) {}
DataSet::~DataSet() = default;

Result<std::shared_ptr<const DataSet>> DataSet::load(const SettingValues& data, const std::string& model_path,
                                                     std::int64_t preview_rows) {
  WEFT_ASSIGN_OR_RETURN(LoadedRows loaded, load_rows(data, sources_of_model(model_path),
                                  {.preview_rows = preview_rows, .vocabulary = preview_rows == 0 ? vocabulary_of(model_path) : 0}));
  return std::make_shared<const DataSet>(std::move(loaded));
}

const std::vector<TokenRow>& DataSet::train_rows() const {
  if (!feed_) return train_;
  feed_->need_train();
  return feed_->train();
}

const std::vector<TokenRow>& DataSet::held_out_rows() const {
  if (!feed_) return held_out_;
  feed_->need_held_out();
  return feed_->held_out();
}

const TokenRow& DataSet::train_row(std::int64_t place) const {
  if (!feed_) return train_[static_cast<std::size_t>(place)];
  feed_->need(place);
  return feed_->train()[static_cast<std::size_t>(place)];
}

std::int64_t DataSet::train_count() const { return static_cast<std::int64_t>(feed_ ? feed_->train().size() : train_.size()); }
std::int64_t DataSet::held_out_count() const {
  return static_cast<std::int64_t>(feed_ ? feed_->held_out().size() : held_out_.size());
}
bool DataSet::complete() const { return !feed_ || feed_->complete(); }
std::vector<std::string> DataSet::remarks() const { return feed_ ? feed_->remarks() : preview_.warnings; }
DataPreview DataSet::preview() const { return feed_ ? feed_->preview() : preview_; }

}  // namespace weft
