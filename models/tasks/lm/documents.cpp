// SPDX-License-Identifier: Apache-2.0
// Rows, tokens, windows.
#include "models/tasks/lm/documents.h"

#include <algorithm>
#include <utility>

#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

// Of each token the end, in bytes, of what it stands for: bytes between two tokens are the later one's, those behind
// the last are the last's. `first`: the first byte of this text in the whole row.
void add_bytes(std::string_view text, const Encoding& tokens, size_t begin, size_t end, std::vector<int64_t>& bytes) {
  size_t byte = 0, before = 0;
  uint32_t point = 0;
  for (size_t i = begin; i < end; ++i) {
    for (; point < tokens.offsets[i].end && byte < text.size(); ++point) do
        ++byte;
      while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xC0) == 0x80);
    const size_t reached = i + 1 == end ? text.size() : std::max(before, byte);
    bytes.push_back(static_cast<int64_t>(reached - before));
    before = reached;
  }
}

// The text's own tokens, without those of the template at either end.
std::pair<size_t, size_t> own_tokens(const Encoding& tokens) {
  size_t begin = 0, end = tokens.size();
  while (begin < end && tokens.special_tokens_mask[begin] != 0) ++begin;
  while (end > begin && tokens.special_tokens_mask[end - 1] != 0) --end;
  return {begin, end};
}

void append(LmDocument& to, const Encoding& from, size_t begin, size_t end) {
  to.tokens.ids.insert(to.tokens.ids.end(), from.ids.begin() + static_cast<ptrdiff_t>(begin),
                       from.ids.begin() + static_cast<ptrdiff_t>(end));
  to.bytes.resize(to.bytes.size() + (end - begin));
}

void append_own(LmDocument& to, const Encoding& from, std::string_view text) {
  const auto [begin, end] = own_tokens(from);
  append(to, from, begin, end);
  to.bytes.resize(to.bytes.size() - (end - begin));
  add_bytes(text, from, begin, end, to.bytes);
}

}  // namespace

TableReading LmRows::reading(const LmOptions& options) {
  std::vector<std::string> columns{options.text_column};
  if (!options.prompt_column.empty()) columns.push_back(options.prompt_column);
  return {.columns = columns, .text_columns = columns};
}

LmRows::LmRows(TableReader reader, const LmOptions& options, bool is_plain)
    : reader_(std::move(reader), is_plain && options.text_separator == "blank_line") {}

LmRows::LmRows(const std::string& file, const LmOptions& options)
    : LmRows(TableReader(file, reading(options)), options, table_format(file) == TableFormat::lines) {}

bool LmRows::next(LmRow& row) {
  Document read;
  if (!reader_.next(read)) return false;
  row = {read.others.empty() ? std::string() : std::move(read.others[0]), std::move(read.text), read.line,
         reader_.where(read)};
  return true;
}

LmEncoder::LmEncoder(const TextEncoder& encoder, const LmOptions& options)
    : encoder_(encoder),
      separator_(options.prompt_separator),
      has_prompts_(!options.prompt_column.empty()),
      masks_prompts_(has_prompts_ && options.mask_prompt.value_or(true)),
      overlap_(std::max<int64_t>(1, options.stride)) {
  const SpecialTokens& special = encoder.tokenizer().special();
  if (options.document_tokens == "both" || options.document_tokens == "begin") begin_ = special.bos;
  if (options.document_tokens == "both" || options.document_tokens == "end") end_ = special.eos;
}

LmDocument LmEncoder::document(const LmRow& row) const {
  LmDocument out;
  const std::string text = row.prompt.empty() ? row.text : separator_ + row.text;
  const Encoding body = encoder_.encode_whole_row(text, row.where);
  const auto [begin, end] = own_tokens(body);
  if (begin == end && row.prompt.empty()) return out;
  append(out, body, 0, begin);
  if (begin_ && (begin == 0 || body.ids[0] != *begin_)) {
    out.tokens.ids.insert(out.tokens.ids.begin(), *begin_);
    out.bytes.push_back(0);
  }
  if (!row.prompt.empty()) append_own(out, encoder_.encode_whole_row(row.prompt, row.where), row.prompt);
  out.text = out.tokens.size();
  if (masks_prompts_) out.first = std::max<size_t>(1, out.text);
  append_own(out, body, text);
  append(out, body, end, body.size());
  if (end_ && (end == body.size() || body.ids.back() != *end_)) {
    out.tokens.ids.push_back(*end_);
    out.bytes.push_back(0);
  }
  out.tokens.type_ids.assign(out.tokens.size(), 0);
  return out;
}

Encoding LmEncoder::prompt(std::string_view text, const std::string& where) const {
  LmDocument out;
  const Encoding body = encoder_.encode_whole_row(text, where);
  const size_t begin = own_tokens(body).first;
  if (begin_ && (begin == 0 || body.ids[0] != *begin_)) out.tokens.ids.push_back(*begin_);
  append(out, body, 0, own_tokens(body).second);
  out.tokens.type_ids.assign(out.tokens.size(), 0);
  return out.tokens;
}

std::vector<LmWindow> LmEncoder::windows(const LmDocument& document) const {
  const size_t size = document.tokens.size(), length = static_cast<size_t>(encoder_.max_length());
  if (has_prompts_ && document.text >= std::min(size, length)) return {};
  std::vector<LmWindow> out;
  size_t counted = document.first;
  for (size_t begin = 0; counted < size;) {
    const size_t end = std::min(size, begin + length);
    if (counted < end) {
      LmWindow& window = out.emplace_back();
      const auto part = [&](const std::vector<int32_t>& of) {
        return std::vector<int32_t>(of.begin() + static_cast<ptrdiff_t>(begin),
                                    of.begin() + static_cast<ptrdiff_t>(end));
      };
      window.tokens.ids = part(document.tokens.ids);
      window.tokens.type_ids = part(document.tokens.type_ids);
      window.first = static_cast<int32_t>(counted - begin);
      for (size_t i = counted; i < end; ++i) window.bytes += document.bytes[i];
      counted = end;
    }
    if (has_prompts_) {
      if (!out.empty()) out[0].tokens.cut = size - end;
      break;
    }
    begin = end - std::min(static_cast<size_t>(overlap_), length - 1);
  }
  return out;
}

void LmEncoder::fail_without_windows(const LmRow& row, const LmDocument& document) const {
  if (document.tokens.size() == 0) fail("{}: there is neither a prompt nor a text", row.where);
  fail("{}: no token of the text is left within {}: what stands before it has {}", row.where,
       counted(encoder_.max_length(), "token"), document.text);
}

}  // namespace thaw
