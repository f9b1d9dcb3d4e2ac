// SPDX-License-Identifier: Apache-2.0
// A decoder whose logits stand in tables: the sum of a row for the last token, one for the token before it, one for the
// row's length.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/generation/decoder.h"
#include "tensor/io/json.h"

namespace thaw {

class TableDecoder : public Decoder {
 public:
  // Lists of rows of V numbers: "last" and "before" by token, "at" by the length, which is counted modulo its rows.
  explicit TableDecoder(const Json& tables)
      : last_(rows_of(tables, "last")), before_(rows_of(tables, "before")), at_(rows_of(tables, "at")) {}

  int64_t vocab_size() const override { return static_cast<int64_t>(last_.size()); }
  int64_t most_tokens() const override { return most; }
  Tensor start(std::span<const std::vector<int32_t>> prompts) override {
    rows_.assign(prompts.begin(), prompts.end());
    return logits();
  }
  Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) override {
    std::vector<std::vector<int32_t>> next;
    for (size_t r = 0; r < parents.size(); ++r) {
      next.push_back(rows_.at(static_cast<size_t>(parents[r])));
      next.back().push_back(ids[r]);
    }
    rows_ = std::move(next);
    computed += static_cast<int64_t>(rows_.size());
    return logits();
  }

  int64_t most = INT64_MAX;
  int64_t computed = 0;  // rows of all steps

 private:
  using Rows = std::vector<std::vector<float>>;

  static Rows rows_of(const Json& tables, const char* name) {
    const Json& table = tables.get_array(name);
    Rows rows(table.size());
    for (size_t i = 0; i < table.size(); ++i)
      for (const Json& number : table.get_array(i).items()) rows[i].push_back(static_cast<float>(number.as_number()));
    return rows;
  }

  Tensor logits() const {
    std::vector<float> all;
    for (const std::vector<int32_t>& row : rows_) {
      const std::vector<float>& last = last_.at(static_cast<size_t>(row.back()));
      for (size_t id = 0; id < last.size(); ++id) {
        float logit = last[id];
        if (row.size() > 1) logit += before_.at(static_cast<size_t>(row[row.size() - 2]))[id];
        all.push_back(logit + at_[row.size() % at_.size()][id]);
      }
    }
    return Tensor::from_host(all, {static_cast<int64_t>(rows_.size()), vocab_size()}, Device::open("reference"));
  }

  Rows last_, before_, at_;
  std::vector<std::vector<int32_t>> rows_;
};

}  // namespace thaw
