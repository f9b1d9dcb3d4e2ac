// SPDX-License-Identifier: Apache-2.0
// Reads sources, writes texts.
#include "models/tasks/text2text/predictor.h"

#include <algorithm>
#include <utility>

#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {

Text2TextPredictor::Text2TextPredictor(const TextToText& model, const Text2TextOptions& options,
                                       const PredictionRequest& request, const FieldNames& called)
    : Text2TextPredictor(model, options, model.writing(options, called), request, called) {}

Text2TextPredictor::Text2TextPredictor(const TextToText& model, const Text2TextOptions& options, Writing writing,
                                       const PredictionRequest& request, const FieldNames& called)
    : WritingPredictor({"source", options.source_column, options.source_prefix}, writing.options, model.tokenizer(),
                       request, called),
      model_(model),
      writing_(std::move(writing)),
      truncates_(options.truncate),
      truncate_name_(called("truncate")),
      max_length_name_(called("max_length")) {
  writing_.options.with_scores = writes_several();
  if (request.batch_size > 0) writing_.batch_size = std::min(writing_.batch_size, request.batch_size);
  writing_.on_text = on_text();
}

Encoding Text2TextPredictor::encode(const std::string& text, const std::string& where) const {
  Encoding encoding = model_.sources().encode_row(text, {}, where);
  if (encoding.cut > 0 && !truncates_)
    fail("{}: the source has {} more than {}, {}: {} cuts its end, {} takes more", where,
         counted(encoding.cut, "token"), max_length_name_, model_.sources().max_length(), truncate_name_,
         max_length_name_);
  return encoding;
}

std::vector<WrittenTexts> Text2TextPredictor::write(std::span<const Encoding* const> sources, uint64_t first) const {
  return model_.write(sources, writing_, first);
}

}  // namespace thaw
