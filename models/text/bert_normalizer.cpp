// SPDX-License-Identifier: Apache-2.0
// One pass over the code points; only runs of combining marks are held back, to be put in canonical order.
#include "models/text/bert_normalizer.h"

#include <algorithm>

#include "models/text/unicode_properties.h"

namespace thaw {

namespace {

// Decomposes, orders, drops marks and lowers case. Sources follow the reference: within a run of marks that is
// reordered, the k-th mark in the new order takes the position of the k-th character of the old order; what a
// decomposition added shares the position of the character before it.
class Writer {
 public:
  Writer(bool strip, bool lower, NormalizedText& out) : strip_(strip), lower_(lower), out_(out) {}

  void put(char32_t code, TextSpan from) {
    if (!strip_) return write(code, from);
    const Decomposition parts = canonical_decomposition(code);
    for (int i = 0; i < parts.size; ++i) {
      const int ccc = combining_class(parts.codes[i]);
      if (ccc == 0) {
        flush();
        if (i == 0) last_ = from;
        write(parts.codes[i], last_);
      } else {
        marks_.push_back({parts.codes[i], ccc, i > 0});
        if (i == 0) sources_.push_back(from);
      }
    }
  }

  void flush() {
    if (marks_.empty()) return;
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.ccc < b.ccc; });
    size_t used = 0;
    for (const Mark& mark : marks_) {
      if (!mark.added && used < sources_.size()) last_ = sources_[used++];
      write(mark.code, last_);
    }
    marks_.clear();
    sources_.clear();
  }

 private:
  struct Mark {
    char32_t code;
    int ccc;
    bool added;  // by a decomposition, not a character of its own
  };

  void write(char32_t code, TextSpan from) {
    if (strip_ && is_nonspacing_mark(code)) return;
    if (!lower_) return out_.append(code, from);
    const Decomposition lower = lower_case(code);
    for (int i = 0; i < lower.size; ++i) out_.append(lower.codes[i], from);
  }

  bool strip_;
  bool lower_;
  NormalizedText& out_;
  TextSpan last_;
  std::vector<Mark> marks_;
  std::vector<TextSpan> sources_;
};

}  // namespace

void BertNormalizer::normalize(std::string_view piece, uint32_t first, NormalizedText& out) const {
  out.clear();
  out.text.reserve(piece.size());
  out.source.reserve(piece.size());
  Writer writer(strip_accents.value_or(lowercase), lowercase, out);
  uint32_t index = first;
  for (size_t at = 0; at < piece.size(); ++index) {
    const TextSpan from{index, index + 1};
    const auto byte = static_cast<unsigned char>(piece[at]);
    if (byte >= 0x20 && byte < 0x7F) {
      writer.flush();
      out.text.push_back(static_cast<char>(lowercase && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte));
      out.source.push_back(from);
      ++at;
      continue;
    }
    const char32_t code = next_code_point(piece, at);
    if (clean_text && is_dropped_by_cleaning(code)) continue;
    if (clean_text && is_whitespace(code)) {
      writer.put(U' ', from);
    } else if (handle_chinese_chars && is_cjk_ideograph(code)) {
      writer.put(U' ', from);
      writer.put(code, from);
      writer.put(U' ', from);
    } else {
      writer.put(code, from);
    }
  }
  writer.flush();
}

}  // namespace thaw
