// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets of tokenizers demand of a tokenizer that was read.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "models/text/tokenizer_description.h"
#include "tensor/utf8.h"
#include "tests/fuzz/outcome.h"

namespace thaw::fuzz {

// It encodes texts to ids that exist and spans that lie in the text, and decodes them.
inline void exercise(const Tokenizer& tokenizer) {
  for (const std::string_view text :
       {std::string_view("a b ##c Haut\xC3\xA9 \xE4\xB8\xAD\xE6\x96\x87 [MASK]x \xCC\x81\xEF\xBF\xBD!"),
        std::string_view("\0\t", 2), std::string_view()}) {
    EncodeOptions options;
    options.keep_tokens = true;
    const Encoding encoding = tokenizer.encode(text, options);
    const size_t characters = count_code_points(text);
    require(encoding.offsets.size() == encoding.size() && encoding.tokens.size() == encoding.size(),
            "vectors of unlike length");
    for (size_t i = 0; i < encoding.size(); ++i) {
      require(encoding.ids[i] >= 0 && static_cast<size_t>(encoding.ids[i]) < tokenizer.vocab_size(),
              "an id beyond the vocabulary");
      require(encoding.offsets[i].begin <= encoding.offsets[i].end && encoding.offsets[i].end <= characters,
              "a span outside of the text");
    }
    (void)tokenizer.decode(encoding.ids, false);
  }
}

// Its tokenizer does, unless it has no token for what it does not know, and what it writes is read again.
inline void exercise(const TokenizerDescription& description) {
  const std::unique_ptr<Tokenizer> tokenizer = make_tokenizer(description, {}, {});
  try {
    exercise(*tokenizer);
  } catch (const std::runtime_error&) {
    require(!description.model->unknown(), "a text is refused");
  }
  const std::string written = tokenizer_json(description);
  require(tokenizer_json(read_description(Json::parse(written, "its copy"))) == written,
          "written and read again it is another tokenizer");
}

}  // namespace thaw::fuzz
