// SPDX-License-Identifier: Apache-2.0
// Opens model, tokenizer and the processor of files, and holds them to each other.
#include "models/tasks/pair_pipeline.h"

#include <fmt/format.h>

#include <utility>

#include "autograd/tape.h"
#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "models/hub/shards.h"
#include "models/input/joint_processor.h"
#include "models/tasks/file_encoder.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

// Tensors that no checkpoint gave are random: nothing is to be predicted from them.
void check_trained(const std::string& directory, const PairModel& model) {
  const std::vector<std::string>& missing = model.report().initialised;
  if (!missing.empty())
    fail("{}: the checkpoint lacks {}: predictions would come from random numbers", directory, listed(missing));
}

// Where the files of a side's processor are.
std::string files_of(const PairTower& tower, const std::string& directory) {
  const std::string own = tower.directory();
  return own.empty() ? directory : own;
}

}  // namespace

PairPipeline::PairPipeline(const std::string& directory, InputKind files, const TextPipelineOptions& options)
    : files_(files) {
  check_model_directory(directory, options.first_weights);
  const Device device = options.device.defined() ? options.device : Device::from_environment();
  model_ = open_pair_checkpoint(directory, files, options.first_weights)
               ->build(device, options.dtype, options.seed, options.prepare);
  const PairTower& of_files = model_->tower(PairSide::files);
  const PairTower& of_texts = model_->tower(PairSide::texts);
  file_encoder_ = open_file_encoder(files_of(of_files, directory), of_files.limits());
  const std::string text_files = files_of(of_texts, directory);
  texts_ = std::make_shared<TextEncoder>(text_files, load_tokenizer(tokenizer_directory(text_files)), of_texts.limits(),
                                         options.max_length, options.usual_length);
  if (options.trained) check_trained(directory, *model_);
  texts_->check_vocabulary();
}

PairPipeline::PairPipeline(const PairPipeline& like, Device dry)
    : files_(like.files_),
      model_(like.model_->on_dry_device(dry)),
      file_encoder_(like.file_encoder_),
      texts_(like.texts_) {}

const RowEncoder& PairPipeline::encoder(PairSide side) const {
  if (side == PairSide::files) return *file_encoder_;
  return *texts_;
}

std::vector<float> PairPipeline::embed(PairSide side, std::span<const Encoding* const> things) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(store().mode());
  return vectors(side, things).value().to_host<float>();
}

KeptTexts PairPipeline::keep_frozen(std::span<const Encoding* const> files, std::span<const Encoding* const> texts,
                                    const Keeping& how) {
  KeptTexts kept = thaw::keep_frozen(model_->tower(PairSide::files), file_cache_, files, how);
  Keeping left = how;
  left.bytes -= kept.bytes;
  const KeptTexts of_texts = thaw::keep_frozen(model_->tower(PairSide::texts), text_cache_, texts, left);
  kept.texts += of_texts.texts;
  kept.kept += of_texts.kept;
  kept.bytes += of_texts.bytes;
  kept.found += of_texts.found;
  const bool in_both = !kept.part.empty() && !of_texts.part.empty();
  kept.one = in_both ? "thing" : of_texts.part.empty() ? one_of(files_) : one_of(InputKind::texts);
  if (in_both) kept.part += ", ";
  kept.part += of_texts.part;
  return kept;
}

Fingerprint PairPipeline::identity() const {
  Fingerprint identity = model_->switches();
  identity.merge(file_encoder_->identity());
  identity.merge(texts_->identity());
  return identity;
}

void PairPipeline::save(const std::string& directory, const SaveOptions& options) const {
  const bool are_own = model_->tower(PairSide::texts).directory().empty();
  const JointProcessor processors{&file_encoder_->processor(), &texts_->processor()};
  model_->save(directory, are_own ? &processors : nullptr, options);
}

Encoding longest_text(const TextEncoder& texts) {
  std::string words;
  for (int64_t i = 0; i < texts.max_length(); ++i) words += "a ";
  return texts.encode(words);
}

TextEncoder open_pair_text_encoder(const std::string& directory, InputKind files, int64_t max_length) {
  const auto checkpoint = open_pair_checkpoint(directory, files, FirstWeights::random);
  const std::string own = checkpoint->text_directory(), text_files = own.empty() ? directory : own;
  TextLimits limits = checkpoint->text_limits();
  if (const int64_t rows = rows_before_texts(directory); rows > 0) limits.taken = [rows] { return rows; };
  return {text_files, load_tokenizer(tokenizer_directory(text_files)), limits, max_length};
}

void check_saved_pair_model(const std::string& directory, InputKind files) {
  open_pair_text_encoder(directory, files, 0);
  const ModelWeights weights(weights_directory(directory));
}

}  // namespace thaw
