// SPDX-License-Identifier: Apache-2.0
// Examples of a data set, encoded once: token ids and line numbers stay in memory, texts and pictures do not.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/input/read_ahead.h"
#include "models/prefix/keeping.h"
#include "models/tasks/checksum.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/task_model.h"
#include "models/text/encoding.h"
#include "models/text/tokenizer.h"

namespace thaw {

class EncodedTexts {
 public:
  EncodedTexts() = default;
  // Of a file, which show() names.
  explicit EncodedTexts(std::string file) : file_(std::move(file)) {}

  // Keeps what a model reads: ids, types and rows. line: where the text begins in its file.
  void add(Encoding full, int64_t line) {
    Encoding encoding;
    encoding.ids = std::move(full.ids);
    encoding.type_ids = std::move(full.type_ids);
    encoding.cut = full.cut;
    encoding.rows = std::move(full.rows);
    if (encoding.rows && !encoding.rows->is_at_hand())
      encoding.rows = std::make_shared<RowsReadAhead>(std::move(encoding.rows), ahead_);
    lengths_.push_back(static_cast<int64_t>(encoding.size()));
    encodings_.push_back(std::move(encoding));
    lines_.push_back(line);
  }
  // So many made-up texts of `length` tokens, or of the same example: to plan without data.
  static EncodedTexts made_up(int64_t count, int64_t length) {
    Encoding encoding;
    encoding.ids.assign(static_cast<size_t>(length), 0);
    encoding.type_ids = encoding.ids;
    return made_up(count, encoding);
  }
  static EncodedTexts made_up(int64_t count, const Encoding& encoding) {
    EncodedTexts texts;
    texts.encodings_.assign(static_cast<size_t>(count), encoding);
    texts.lengths_.assign(static_cast<size_t>(count), static_cast<int64_t>(encoding.size()));
    texts.lines_.assign(static_cast<size_t>(count), 0);
    return texts;
  }

  const std::string& file() const { return file_; }
  bool empty() const { return encodings_.empty(); }
  std::span<const int64_t> lengths() const { return lengths_; }  // tokens of each
  const Encoding& operator[](int64_t example) const { return encodings_[static_cast<size_t>(example)]; }
  int64_t line(int64_t example) const { return lines_[static_cast<size_t>(example)]; }
  // What there is to see of it, of a text its tokens by name, and where it is: none has a loss yet.
  ShownExample show(int64_t example, const RowEncoder& encoder) const {
    ShownExample shown = placed(example);
    encoder.show((*this)[example], shown);
    return shown;
  }
  ShownExample show(int64_t example, const Tokenizer& tokenizer) const {
    ShownExample shown = placed(example);
    show_text((*this)[example], tokenizer, shown);
    return shown;
  }
  // Those that rows are read of.
  std::vector<std::string> files() const {
    std::vector<std::string> files;
    for (const Encoding& encoding : encodings_)
      if (encoding.rows && !encoding.rows->name().empty()) files.push_back(encoding.rows->name());
    return files;
  }
  std::vector<const Encoding*> pick(std::span<const int64_t> examples) const {
    std::vector<const Encoding*> picked;
    for (const int64_t example : examples) picked.push_back(&encodings_[static_cast<size_t>(example)]);
    return picked;
  }
  // These will be picked next, in that order: rows that are in files, and will be needed, are read ahead.
  void expect(std::span<const int64_t> examples, const AreKept& are_kept) const {
    std::vector<const Encoding*> in_files;
    std::vector<std::shared_ptr<const RowSource>> sources;
    for (const int64_t example : examples)
      if (dynamic_cast<const RowsReadAhead*>((*this)[example].rows.get())) in_files.push_back(&(*this)[example]);
    if (in_files.empty()) return;
    const std::vector<bool> kept = are_kept(in_files);
    for (size_t i = 0; i < in_files.size(); ++i)
      if (!kept[i]) sources.push_back(dynamic_cast<const RowsReadAhead&>(*in_files[i]->rows).source());
    ahead_->expect(std::move(sources));
  }
  ReadCounts read_ahead() const { return ahead_->counts(); }
  // Texts of the same tokens have the same (others hardly ever have).
  uint32_t checksum(int64_t example, uint32_t before = 0) const { return thaw::checksum((*this)[example], before); }
  uint32_t checksum() const {
    uint32_t sum = thaw::checksum(lengths_);
    for (int64_t example = 0; example < static_cast<int64_t>(encodings_.size()); ++example)
      sum = checksum(example, sum);
    return sum;
  }

 private:
  // Where rows have a file of their own, that too; or alone, of a folder or a file of many, which have no lines.
  ShownExample placed(int64_t example) const {
    const Encoding& encoding = (*this)[example];
    const std::string own = encoding.rows ? encoding.rows->name() : "",
                      row = fmt::format("{}:{}", file_, line(example));
    if (own.empty()) return {.where = row};
    return {.where = own.starts_with(file_) ? own : fmt::format("{}, {}", row, own)};
  }

  static constexpr int64_t most_read_ahead = int64_t{64} << 20;  // numbers: 256 MB

  std::string file_;
  std::shared_ptr<ReadAhead> ahead_ = std::make_shared<ReadAhead>(most_read_ahead);
  std::vector<Encoding> encodings_;
  std::vector<int64_t> lengths_, lines_;
};

}  // namespace thaw
