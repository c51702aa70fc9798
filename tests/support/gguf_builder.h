// SPDX-License-Identifier: GPL-3.0-or-later
// Writes small GGUF files for tests, right or wrong on purpose: every number can be set against the rules.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace weft::test {

class GgufBuilder {
 public:
  std::uint32_t version = 3;
  std::uint64_t extra_keys = 0, extra_tensors = 0;  // claimed beyond those that are there
  std::uint64_t alignment = 32;

  template <typename T>
  GgufBuilder& number(const std::string& key, std::uint32_t type, T value) {
    return raw_key(key, type, bytes(value));
  }
  GgufBuilder& u32(const std::string& key, std::uint32_t value) { return number(key, 4, value); }
  GgufBuilder& f32(const std::string& key, float value) { return number(key, 6, value); }
  GgufBuilder& text(const std::string& key, const std::string& value) { return raw_key(key, 8, counted(value)); }
  GgufBuilder& texts(const std::string& key, const std::vector<std::string>& values) {
    std::string body = bytes(std::uint32_t{8}) + bytes(std::uint64_t{values.size()});
    for (const auto& value : values) body += counted(value);
    return raw_key(key, 9, body);
  }
  template <typename T>
  GgufBuilder& numbers(const std::string& key, std::uint32_t type, const std::vector<T>& values) {
    std::string body = bytes(type) + bytes(std::uint64_t{values.size()});
    for (const auto& value : values) body += bytes(value);
    return raw_key(key, 9, body);
  }
  GgufBuilder& raw_key(const std::string& key, std::uint32_t type, const std::string& body) {
    keys_.push_back(counted(key) + bytes(type) + body);
    return *this;
  }

  // Shape in torch order. The data follow the tensors before, aligned.
  GgufBuilder& tensor(const std::string& name, const std::vector<std::uint64_t>& shape, std::uint32_t type, const std::string& data) {
    return tensor_at(name, shape, type, data_.size(), data);
  }
  GgufBuilder& tensor(const std::string& name, const std::vector<std::uint64_t>& shape, const std::vector<float>& values) {
    std::string data(values.size() * sizeof(float), '\0');
    if (!values.empty()) std::memcpy(data.data(), values.data(), data.size());
    return tensor(name, shape, 0, data);
  }
  GgufBuilder& tensor_at(const std::string& name, const std::vector<std::uint64_t>& shape, std::uint32_t type, std::uint64_t offset,
                         const std::string& data) {
    std::string info = counted(name) + bytes(static_cast<std::uint32_t>(shape.size()));
    for (auto size = shape.rbegin(); size != shape.rend(); ++size) info += bytes(*size);
    infos_.push_back(info + bytes(type) + bytes(offset));
    data_ += data;
    data_.resize((data_.size() + alignment - 1) / alignment * alignment);
    return *this;
  }

  [[nodiscard]] std::string build() const {
    std::string file = "GGUF" + bytes(version) + bytes(infos_.size() + extra_tensors) + bytes(keys_.size() + extra_keys);
    for (const auto& key : keys_) file += key;
    for (const auto& info : infos_) file += info;
    file.resize((file.size() + alignment - 1) / alignment * alignment);
    return file + data_;
  }

  template <typename T>
  static std::string bytes(T value) {
    std::string text(sizeof value, '\0');
    std::memcpy(text.data(), &value, sizeof value);
    return text;
  }
  static std::string counted(const std::string& text) { return bytes(std::uint64_t{text.size()}) + text; }

 private:
  std::vector<std::string> keys_, infos_;
  std::string data_;
};

}  // namespace weft::test
