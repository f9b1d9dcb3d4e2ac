// SPDX-License-Identifier: Apache-2.0
// A directory opened to write texts: model and tokenizer, and how texts are written in batches.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/field_names.h"
#include "models/generation/generate.h"
#include "models/prefix/keeping.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text2text/written_text.h"
#include "models/tasks/text_encoder.h"
#include "models/text_writer.h"

namespace thaw {

struct TextToTextOptions {
  WriterOpening opening;
  int64_t max_length = 0;  // of sources; 0: as length_limit() says
  int64_t max_target_length = 0;
  bool trained = false;  // the checkpoint must have every tensor
};

// How texts are written.
struct Writing {
  GenerationOptions options;
  std::vector<int32_t> prompt;  // what every text begins with, the model's own beginning included
  // Sources that are computed at once, and their tokens with those that may be written, times beams.
  int64_t batch_size = 64, batch_tokens = 8192;
  // Of a single source that one text is written for, without beams: gets its parts as they come (TextStream).
  std::function<void(std::string_view)> on_text = {};
  // Gives what the encoder makes of some of the sources, by their places, in evaluation mode; empty: it is run.
  std::function<EncodedSources(std::span<const int64_t> places)> encoded = {};
};

class TextToText {
 public:
  // Errors name directory or file.
  TextToText(const std::string& directory, const TextToTextOptions& options);
  // The same on a device that computes nothing.
  TextToText(const TextToText& like, Device dry);

  TextWriter& writer() { return *writer_; }
  const TextWriter& writer() const { return *writer_; }
  const Tokenizer& tokenizer() const { return sources_.tokenizer(); }
  const TextEncoder& sources() const { return sources_; }
  const TextEncoder& targets() const { return targets_; }

  // What is learnt of a target: ids and types of its tokens, but for those that the tokenizer puts before a text where
  // the model begins all texts with these itself (BERT's [CLS]).
  Encoding learnt(Encoding target) const;
  // What a caller's options come to with the model's own. Errors as check_with_overrides() says, in the caller's names.
  Writing writing(const Text2TextOptions& options, const FieldNames& called) const;
  // What of these options changes nothing; a model that does not end texts as its tokenizer does. One line each.
  std::vector<std::string> warnings(const Text2TextOptions& options, const FieldNames& called) const;
  // Of each source its texts. Sources are computed in batches of like lengths, the longest first; `first`: the number
  // of the first source in the whole input, which sampling goes by.
  std::vector<WrittenTexts> write(std::span<const Encoding* const> sources, const Writing& how,
                                  uint64_t first = 0) const;

  // As TextPipeline::keep_frozen(), of sources.
  KeptTexts keep_frozen(std::span<const Encoding* const> sources, const Keeping& how) {
    return thaw::keep_frozen(*writer_, prefix_cache_, sources, how);
  }

  // The model's switches and a checksum of the tokenizer's files.
  Fingerprint identity() const;
  void save(const std::string& directory, const SaveOptions& options) const {
    writer_->save(directory, &tokenizer(), options);
  }

 private:
  TextToText(const std::string& directory, std::shared_ptr<const Tokenizer> tokenizer,
             const TextToTextOptions& options);
  Writing unchecked(const Text2TextOptions& options) const;
  Writing writing(const Text2TextOptions& options) const;
  std::unique_ptr<Decoder> decoder(std::span<const Encoding* const> sources, std::span<const int64_t> places,
                                   const Writing& how) const;

  std::unique_ptr<TextWriter> writer_;
  TextEncoder sources_, targets_;
  std::unique_ptr<PrefixCache> prefix_cache_;
};

}  // namespace thaw
