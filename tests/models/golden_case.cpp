// SPDX-License-Identifier: Apache-2.0
// Reads golden folders.
#include "tests/models/golden_case.h"

#include <cstring>

#include "tensor/check.h"

namespace thaw {

namespace {

template <typename T>
std::vector<T> values_of(const SafetensorsEntry& entry) {
  std::vector<T> values(entry.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), entry.bytes.data(), entry.bytes.size());
  return values;
}

}  // namespace

GoldenCase::GoldenCase(const std::filesystem::path& folder)
    : folder_(folder), expected_((folder / "expected.safetensors").string()) {}

std::vector<double> GoldenCase::numbers(const std::string& tensor) const {
  const SafetensorsEntry& entry = expected_.at(tensor);
  if (entry.dtype == "F64") return values_of<double>(entry);
  if (entry.dtype == "F32") {
    const std::vector<float> values = values_of<float>(entry);
    return {values.begin(), values.end()};
  }
  const std::vector<int32_t> values = integers(tensor);
  return {values.begin(), values.end()};
}

std::vector<int32_t> GoldenCase::integers(const std::string& tensor) const {
  const SafetensorsEntry& entry = expected_.at(tensor);
  if (entry.dtype != "I32") fail("{}: {} is {}, not I32", expected_.path(), tensor, entry.dtype);
  return values_of<int32_t>(entry);
}

std::vector<std::string> GoldenCase::names(const std::string& beginning) const {
  std::vector<std::string> found;
  for (const SafetensorsEntry& entry : expected_.entries()) {
    if (entry.name.starts_with(beginning)) found.push_back(entry.name.substr(beginning.size()));
  }
  return found;
}

std::string GoldenCase::input(int64_t batch, const std::string& name) const {
  return fmt::format("in.{}.{}", batch, name);
}

PaddedText GoldenCase::padded_text(int64_t batch) const {
  PaddedText text;
  const std::vector<int64_t> sizes = shape(input(batch, "input_ids"));
  text.rows = sizes.at(0);
  text.columns = sizes.at(1);
  text.ids = integers(input(batch, "input_ids"));
  if (has(input(batch, "token_type_ids"))) text.type_ids = integers(input(batch, "token_type_ids"));
  if (has(input(batch, "attention_mask"))) text.mask = integers(input(batch, "attention_mask"));
  return text;
}

}  // namespace thaw
