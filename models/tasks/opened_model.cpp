// SPDX-License-Identifier: Apache-2.0
// Opens by the family, asks with made-up texts.
#include "models/tasks/opened_model.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "models/families.h"
#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/config.h"
#include "models/hub/shards.h"
#include "models/image/text_and_patches.h"
#include "models/image_tokens.h"
#include "models/input/joint_processor.h"
#include "models/input/row_source.h"
#include "models/packed_text.h"
#include "models/pair_model.h"
#include "models/tasks/file_encoder.h"
#include "models/tasks/pair_pipeline.h"
#include "models/tasks/task_record.h"
#include "models/tasks/task_table.h"
#include "models/text/tokenizer.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// So many tokens, all over the vocabulary.
std::vector<int32_t> made_up_ids(int64_t count, int64_t vocabulary, uint64_t& state) {
  std::vector<int32_t> ids;
  while (std::ssize(ids) < count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    ids.push_back(static_cast<int32_t>((state >> 33) % static_cast<uint64_t>(vocabulary)));
  }
  return ids;
}

Encoding made_up_text(int64_t length, int64_t vocabulary, uint64_t& state) {
  Encoding text;
  text.ids = made_up_ids(length, vocabulary, state);
  text.type_ids.assign(text.ids.size(), 0);
  text.offsets.assign(text.ids.size(), {});
  text.special_tokens_mask.assign(text.ids.size(), 0);
  text.sequence.assign(text.ids.size(), 0);
  return text;
}

Encoding made_up_file(const SeenRows& seen, uint64_t& state) {
  std::vector<float> numbers;
  for (const int32_t id : made_up_ids(seen.grid.numel() * seen.width, 1000, state))
    numbers.push_back(static_cast<float>(id) / 500 - 1);
  Encoding example;
  example.ids.resize(static_cast<size_t>(seen.states));
  example.rows = std::make_shared<RowsInMemory>(std::move(numbers), seen.grid, seen.width);
  return example;
}

std::vector<Encoding> made_up_files(const FileLimits& limits) {
  uint64_t state = 1;
  std::vector<Encoding> files;
  for (const SeenRows& seen : sizes_of(limits)) files.push_back(made_up_file(seen, state));
  return files;
}

// With texts of other lengths.
std::vector<Encoding> made_up_questions(const TextLimits& limits) {
  uint64_t state = 3;
  int64_t length = 5;
  std::vector<Encoding> questions;
  for (const Encoding& picture : made_up_files(limits.files)) {
    questions.push_back(
        text_and_patches(made_up_text(std::min(length, limits.positions_left()), limits.vocab_size, state),
                         picture.rows, std::get<PatchLimits>(limits.files).tokens));
    length += 4;
  }
  return questions;
}

std::vector<Encoding> made_up_examples(const TextLimits& limits) {
  if (limits.reads_files() && limits.vocab_size > 0) return made_up_questions(limits);
  if (limits.reads_files()) return made_up_files(limits.files);
  uint64_t state = 1;
  std::vector<Encoding> texts;
  for (const int64_t length : {3, 17, 8, 40})
    texts.push_back(made_up_text(std::min(length, limits.positions_left()), limits.vocab_size, state));
  return texts;
}

std::vector<const Encoding*> pointers(const std::vector<Encoding>& texts) {
  std::vector<const Encoding*> all;
  for (const Encoding& text : texts) all.push_back(&text);
  return all;
}

// Texts of words of the vocabulary, which end as the tokenizer ends them.
std::vector<Encoding> made_up_texts(const TextEncoder& encoder) {
  uint64_t state = 1;
  std::vector<Encoding> texts;
  for (const int64_t length : {3, 17, 8}) {
    std::string words;
    for (const int32_t id : made_up_ids(length, static_cast<int64_t>(encoder.tokenizer().vocab_size()), state))
      words += encoder.tokenizer().token(id) + " ";
    texts.push_back(encoder.encode(words));
  }
  return texts;
}

std::vector<float> outputs_of_pairs(PairPipeline& pairs) {
  const std::vector<Encoding> files = made_up_examples(pairs.model().tower(PairSide::files).limits()),
                              texts = made_up_texts(pairs.texts());
  std::vector<float> all = pairs.embed(PairSide::files, pointers_to(files));
  const std::vector<float> of_texts = pairs.embed(PairSide::texts, pointers_to(texts));
  all.insert(all.end(), of_texts.begin(), of_texts.end());
  return all;
}

// Of the family's own architectures the very one, for two may end alike (GPT2Model, GPT2LMHeadModel); of those of
// another age (BertLMHeadModel) the bare model, if no head has that name.
std::string ending_of(const std::string& architecture, const TextCheckpoint& checkpoint) {
  if (checkpoint.has(architecture)) return architecture;
  const size_t head = architecture.find("For");
  return head == std::string::npos ? "Model" : architecture.substr(head);
}

// By what it has above its body: config.json is the body's.
bool is_frozen_transformer(const std::string& directory) {
  constexpr const char* output_weight = "out_net.0.weight";
  if (!holds_change(directory)) return ModelWeights(directory).find(output_weight) != nullptr;
  return std::ranges::count(touched_by_change(directory), output_weight) > 0;
}

}  // namespace

OpenedModel::OpenedModel(const std::string& directory, Device device) : directory_(directory) {
  if (is_frozen_transformer(directory)) {
    task_ = make_task(task_of_directory(directory));
    task_->take_up_options(directory, TaskUse::evaluation);  // all that is kept, for what is saved
    transformer_ = task_->open(directory, {.device = device, .trained = true});
    return;
  }
  if (writes_texts(directory)) {
    writer_ = open_text_writer(directory, {.device = device});
    return;
  }
  const Json config = read_config_json(directory);
  if (is_of_pairs(config)) {
    pairs_ = std::make_unique<PairPipeline>(directory, family_of(config).reads, TextPipelineOptions{.device = device});
    return;
  }
  const std::unique_ptr<TextCheckpoint> checkpoint = open_checkpoint(directory, family_of(config).reads);
  const std::vector<std::string> names = checkpoint->config().json.get_strings("architectures");
  if (names.empty()) fail("{}: its config.json names no architecture", directory);
  model_ = checkpoint->build(ending_of(names[0], *checkpoint), device, DType::f32, 42);
}

OpenedModel::~OpenedModel() = default;

ParameterStore& OpenedModel::store() const {
  if (pairs_) return pairs_->store();
  return transformer_ ? transformer_->store() : writer_ ? writer_->store() : model_->store();
}

void OpenedModel::save(const std::string& directory, const SaveOptions& options) const {
  if (transformer_) return transformer_->save(directory, options);
  save_with_processor(directory, options);
  if (has_image_tokens(directory_)) write_image_tokens(directory, read_image_tokens(directory_));
  if (const auto record = read_task_record(directory_)) write_task_record(directory, *record);
}

void OpenedModel::save_with_processor(const std::string& directory, const SaveOptions& options) const {
  if (pairs_) return pairs_->save(directory, options);
  const TextLimits limits = model_ ? model_->limits() : writer_->limits();
  const auto tokenizer = limits.vocab_size > 0 ? load_tokenizer(tokenizer_directory(directory_)) : nullptr;
  if (writer_) return writer_->save(directory, tokenizer.get(), options);
  const auto files = open_file_encoder(directory_, limits);
  const JointProcessor all{tokenizer.get(), files ? &files->processor() : nullptr};
  model_->save(directory, &all, options);
}

std::vector<float> OpenedModel::outputs() const {
  if (transformer_) return transformer_->longest(2)->outputs(std::vector<int64_t>{0, 1});
  if (pairs_) return outputs_of_pairs(*pairs_);
  if (!writer_) {
    const std::vector<Encoding> texts = made_up_examples(model_->limits());
    return (*model_)(pointers(texts)).value().to_host<float>();
  }
  const std::vector<Encoding> texts = made_up_examples(writer_->limits());
  std::vector<TargetIds> targets;
  uint64_t state = 2;
  for (size_t i = 0; i < texts.size(); ++i) targets.push_back(made_up_ids(5, writer_->limits().vocab_size, state));
  Tensor losses;
  writer_->loss(writer_->encode(pointers(texts)), targets, {}, 1, &losses);
  return losses.to_host<float>();
}

}  // namespace thaw
