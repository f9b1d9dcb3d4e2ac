// SPDX-License-Identifier: Apache-2.0
// The steps of decoders.
#include "models/text/decoder.h"

#include <cstddef>

namespace thaw {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
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
};

}  // namespace

std::string Decoder::join(const std::vector<std::string_view>& tokens) const {
  std::vector<std::string> pieces(tokens.begin(), tokens.end());
  for (const DecoderStep& step : steps_) std::visit(Apply{pieces}, step);
  std::string text;
  for (size_t i = 0; i < pieces.size(); ++i) text.append(!is_there_ && i > 0 ? " " : "").append(pieces[i]);
  return text;
}

}  // namespace thaw
