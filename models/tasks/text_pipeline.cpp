// SPDX-License-Identifier: Apache-2.0
// Opens model and tokenizer, and holds them to each other.
#include "models/tasks/text_pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "models/families.h"
#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "models/hub/shards.h"
#include "models/tasks/file_encoder.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

// The architecture that config.json names; empty if none.
std::string architecture_of(const PretrainedConfig& config) {
  const Json* list = config.json.find("architectures");
  return list && list->is_array() && !list->empty() && list->at(0).is_string() ? list->at(0).as_string() : "";
}

// "Bert" + "For" + what for: of a head. The bare model ends otherwise.
bool is_another_head(const std::string& architecture, std::string_view ending) {
  return architecture.find("For") != std::string::npos && !architecture.ends_with(ending);
}

// Two heads may have one name for their weights, and be trained for other things.
void replace_head_of_another(TextCheckpoint& checkpoint, const TextPurpose& purpose, bool trained) {
  const std::string architecture = architecture_of(checkpoint.config());
  const TextHead head = checkpoint.head(purpose.architecture);
  if (!is_another_head(architecture, purpose.architecture)) return;
  if (!head.also_in.empty() && architecture.ends_with(head.also_in)) return;
  const std::string weight = std::string(head.output) + ".weight";
  if (head.path.empty() || !checkpoint.source().find(weight)) return;
  const std::string what = fmt::format("the checkpoint ({}) has no head for {}: its {} is of another task",
                                       quote(architecture), purpose.words, weight);
  if (trained) fail("{}: {}: train it first", checkpoint.source().directory(), what);
  checkpoint.source().replace(std::string(head.path) + ".*");
  checkpoint.source().note(what + ", a new one is used");
}

// What a family has no head for may be among what it can do.
void check_has_head(const std::string& directory, TextCheckpoint& checkpoint, const TextPurpose& purpose) {
  if (checkpoint.has(purpose.architecture)) return;
  std::string can;
  if (writes_texts(directory)) can = "writes texts for texts, labels as words among them (task text2text)";
  if (checkpoint.has("Model")) can += fmt::format("{}gives vectors of texts (task embed)", can.empty() ? "" : ", and ");
  fail("{}: a model of {} has no head for {}; it {}", directory,
       quote(checkpoint.config().json.get_string_or("model_type", "bert")), purpose.words, can);
}

std::unique_ptr<TextModel> open(const std::string& directory, const TextPurpose& purpose,
                                const TextPipelineOptions& options, const std::function<void(TextCheckpoint&)>& fit) {
  const std::unique_ptr<TextCheckpoint> checkpoint = open_checkpoint(directory, purpose.reads, options.first_weights);
  check_has_head(directory, *checkpoint, purpose);
  replace_head_of_another(*checkpoint, purpose, options.trained);
  if (fit) fit(*checkpoint);
  const Device device = options.device.defined() ? options.device : Device::from_environment();
  std::unique_ptr<TextModel> model =
      checkpoint->build(purpose.architecture, device, options.dtype, options.seed, options.prepare);
  if (const TextHead head = model->head(); purpose.has_own_head && !head.path.empty())
    model->store().name_head(std::string(head.path));
  return model;
}

// Tensors that no checkpoint gave are random: nothing is to be predicted from them.
void check_trained(const std::string& directory, const TextModel& model, const TextPurpose& purpose) {
  const std::vector<std::string>& missing = model.report().initialised;
  if (missing.empty()) return;
  const std::string architecture = architecture_of(model.config());
  const std::string kind = architecture.empty() ? "" : fmt::format(" ({})", quote(architecture));
  const std::string weight = std::string(model.head().output) + ".weight";
  if (std::ranges::find(missing, weight) != missing.end())
    fail(
        "{}: the checkpoint{} has no trained head for {} (without {} there is nothing to predict): "
        "train it first",
        directory, kind, purpose.words, listed(missing));
  fail("{}: the checkpoint{} lacks {}: predictions would come from random numbers", directory, kind, listed(missing));
}

}  // namespace

// What the model reads is looked at first, for one that reads no texts has no tokenizer; the tokenizer before the
// weights: what is wrong with it shows sooner.
TextPipeline::TextPipeline(const std::string& directory, const TextPurpose& purpose, const TextPipelineOptions& options,
                           const std::function<void(TextCheckpoint&)>& fit) {
  check_model_directory(directory, options.first_weights);
  read_facts(directory, purpose.reads);
  std::unique_ptr<Tokenizer> tokenizer;
  if (reads_texts(purpose.reads)) tokenizer = load_tokenizer(tokenizer_directory(directory));
  model_ = open(directory, purpose, options, fit);
  open_rows(directory, std::move(tokenizer), options);
  if (options.trained) check_trained(directory, *model_, purpose);
  if (texts_) texts_->check_vocabulary();
}

void TextPipeline::open_rows(const std::string& directory, std::unique_ptr<Tokenizer> tokenizer,
                             const TextPipelineOptions& options) {
  const TextLimits limits = model_->limits();
  if (tokenizer)
    texts_ = std::make_shared<TextEncoder>(directory, std::move(tokenizer), limits, options.max_length,
                                           options.usual_length);
  rows_ = open_row_encoder(directory, limits, texts_);
}

TextPipeline::TextPipeline(const TextPipeline& like, Device dry)
    : model_(like.model_->on_dry_device(dry)), texts_(like.texts_), rows_(like.rows_) {}

KeptTexts TextPipeline::keep_frozen(std::span<const Encoding* const> texts, const Keeping& how) {
  return thaw::keep_frozen(*model_, prefix_cache_, texts, how);
}

Fingerprint TextPipeline::identity() const {
  Fingerprint identity = model_->switches();
  identity.merge(rows_->identity());
  return identity;
}

TextLimits text_limits_of(const std::string& directory) {
  TextLimits limits = read_text_facts(directory).limits;
  if (const int64_t rows = rows_before_texts(directory); rows > 0) limits.taken = [rows] { return rows; };
  return limits;
}

TextEncoder open_text_encoder(const std::string& directory, int64_t max_length, int64_t usual_length) {
  const TextLimits limits = text_limits_of(directory);
  return {directory, load_tokenizer(tokenizer_directory(directory)), limits, max_length, usual_length};
}

TextEncoder open_question_encoder(const std::string& directory, int64_t max_length) {
  const TextLimits limits = read_facts(directory, InputKind::questions).limits;
  return {directory, load_tokenizer(tokenizer_directory(directory)), limits, max_length};
}

void check_saved_text_model(const std::string& directory) { check_saved_model(directory, InputKind::texts); }

void check_saved_model(const std::string& directory, InputKind reads) {
  read_facts(directory, reads);
  if (reads_texts(reads)) load_tokenizer(tokenizer_directory(directory));
  const ModelWeights weights(weights_directory(directory));
}

}  // namespace thaw
