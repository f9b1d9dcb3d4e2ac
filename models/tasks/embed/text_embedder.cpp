// SPDX-License-Identifier: Apache-2.0
// Pools hidden states.
#include "models/tasks/embed/text_embedder.h"
#include "models/contrastive_loss.h"

#include <utility>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/families.h"
#include "models/hub/model_directory.h"
#include "models/tasks/embed/similarity.h"
#include "models/tasks/misfit_of_task.h"
#include "nn/mode.h"

namespace thaw {
namespace {

constexpr TextPurpose purpose{"Model", "embeddings of texts"};

SentenceSettings settings_of(const std::string& directory, const EmbedOptions& options, FirstWeights first) {
  check_model_directory(directory, first);
  SentenceSettings settings = read_sentence_settings(directory).value_or(SentenceSettings{});
  if (!options.pooling.empty()) settings.pooling = options.pooling == "mean" ? Pooling::mean : Pooling::first;
  if (!options.normalize.empty()) settings.normalize = options.normalize == "true";
  return settings;
}

// A length that is not asked for is the settings'.
TextPipelineOptions limited(TextPipelineOptions how, const SentenceSettings& settings) {
  how.usual_length = settings.max_length;
  return how;
}

}  // namespace

int64_t embedding_length(const std::string& directory, int64_t wanted) {
  const SentenceSettings settings = read_sentence_settings(directory).value_or(SentenceSettings{});
  return open_text_encoder(directory, wanted, settings.max_length).max_length();
}

TextEmbedder::TextEmbedder(const std::string& directory, const TextPipelineOptions& how,
                           const EmbedOptions& options) try
    : TextEmbedder(directory, how, settings_of(directory, options, how.first_weights)) {
} catch (const ChangeMisfit& misfit) {
  fail_for_task(misfit, directory, "embed");
}

TextEmbedder::TextEmbedder(const std::string& directory, const TextPipelineOptions& how,
                           const SentenceSettings& settings)
    : TextPipeline(directory, purpose, limited(how, settings),
                   [](TextCheckpoint& checkpoint) { checkpoint.source().carry_body(); }),
      settings_(settings) {}

TextEmbedder::TextEmbedder(const TextEmbedder& like, Device dry) : TextPipeline(like, dry), settings_(like.settings_) {}

Variable TextEmbedder::pooled(std::span<const Encoding* const> batch) const {
  if (settings_.pooling == Pooling::first) {
    std::vector<int32_t> firsts;
    int32_t next = 0;
    for (const Encoding* text : batch) {
      firsts.push_back(next);
      next += static_cast<int32_t>(text->size());
    }
    return outputs_at(batch, firsts);
  }
  const Variable hidden = outputs(batch);
  std::vector<int32_t> lengths;
  for (const Encoding* text : batch) lengths.push_back(static_cast<int32_t>(text->size()));
  return mean_segments(hidden, Segments(lengths, hidden.value().device()));
}

std::vector<float> TextEmbedder::embed(std::span<const Encoding* const> batch) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(store().mode());
  const Variable vectors = pooled(batch);
  return (settings_.normalize ? unit_vectors(vectors) : vectors).value().to_host<float>();
}

void TextEmbedder::save(const std::string& directory, const SaveOptions& options) const {
  TextPipeline::save(directory, options);
  SentenceSettings settings = settings_;
  settings.max_length = max_length();  // a prompt or prefix may have taken some
  write_sentence_settings(directory, settings, width());
}

}  // namespace thaw
