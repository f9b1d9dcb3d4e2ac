// SPDX-License-Identifier: Apache-2.0
// The steps of decoders.
#include "models/text/decoder.h"

#include <algorithm>
#include <cstddef>

#include "models/text/byte_characters.h"
#include "models/text/sentencepiece_file.h"
#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty()) return;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

struct Apply {
  std::vector<std::string>& pieces;

  // Cleaning works token by token, as the reference's decoder does: "don ' t" keeps its spaces, a token " 's" does not.
  void operator()(const WordPieceDecoder& step) const {
    static constexpr std::pair<std::string_view, std::string_view> rules[] = {
        {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},    {" n't", "n't"},
        {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
    };
    for (size_t i = 0; i < pieces.size(); ++i) {
      std::string& piece = pieces[i];
      if (i > 0) {
        if (piece.starts_with(step.prefix)) {
          piece.erase(0, step.prefix.size());
        } else {
          piece.insert(0, 1, ' ');
        }
      }
      if (step.cleanup && piece.find(' ') != std::string::npos)
        for (const auto& [from, to] : rules) replace_all(piece, from, to);
    }
  }
  void operator()(const ByteDecoder&) const {
    std::string bytes;
    for (const std::string& piece : pieces) append_bytes(piece, bytes);
    pieces.assign(1, valid_utf8(bytes));
  }
  void operator()(const SuffixDecoder& step) const {
    for (std::string& piece : pieces) replace_all(piece, step.suffix, &piece == &pieces.back() ? "" : " ");
  }
  void operator()(const SuffixCleanup& step) const {
    std::string text = joined();
    replace_all(text, step.suffix, " ");
    size_t begin = text.size(), end = 0;
    for (size_t at = 0; at < text.size();) {
      const size_t here = at;
      const char32_t code = next_code_point(text, at);
      if (is_whitespace(code) || (code >= 0x1C && code <= 0x1F)) continue;  // as Python strips
      begin = std::min(begin, here);
      end = at;
    }
    pieces.assign(1, begin < end ? text.substr(begin, end - begin) : "");
  }

  void operator()(const Metaspace& step) const { decode_metaspace(step, pieces); }
  void operator()(const ByteFallbackDecoder&) const {
    std::vector<std::string> out;
    std::string bytes;
    const auto put_bytes = [&] {
      if (bytes.empty()) return;
      if (utf8_error_offset(bytes) == bytes.size()) {
        out.push_back(bytes);
      } else {
        out.resize(out.size() + bytes.size(), "\xEF\xBF\xBD");
      }
      bytes.clear();
    };
    for (std::string& piece : pieces) {
      if (const int byte = byte_of_piece(piece); byte >= 0) {
        bytes += static_cast<char>(byte);
      } else {
        put_bytes();
        out.push_back(std::move(piece));
      }
    }
    put_bytes();
    pieces = std::move(out);
  }
  void operator()(const FuseDecoder&) const { pieces.assign(1, joined()); }
  void operator()(const StripDecoder& step) const {
    for (std::string& piece : pieces) {
      for (size_t i = 0; i < step.start && piece.starts_with(step.character); ++i)
        piece.erase(0, step.character.size());
      for (size_t i = 0; i < step.stop && piece.ends_with(step.character); ++i)
        piece.resize(piece.size() - step.character.size());
    }
  }
  void operator()(const ReplaceDecoder& step) const {
    for (std::string& piece : pieces) replace_all(piece, step.from, step.to);
  }

  std::string joined() const {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    return text;
  }
};

}  // namespace

std::string TokenDecoder::join(const std::vector<std::string_view>& tokens) const {
  std::vector<std::string> pieces(tokens.begin(), tokens.end());
  for (const DecoderStep& step : steps_) std::visit(Apply{pieces}, step);
  std::string text;
  for (size_t i = 0; i < pieces.size(); ++i) text.append(!is_there_ && i > 0 ? " " : "").append(pieces[i]);
  return text;
}

}  // namespace thaw
