// SPDX-License-Identifier: Apache-2.0
// Merges, writes, reads again, compares.
#include "models/tasks/merged_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>

#include "models/families.h"
#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "models/tasks/task_record.h"
#include "models/text/tokenizer.h"
#include "models/text_writer.h"
#include "nn/change/merge.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Largest difference, as a share of the largest output (or of 1), that rounding explains.
double bound(DType dtype) { return dtype == DType::f32 ? 1e-4 : 0.1; }

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

std::vector<Encoding> made_up_texts(const TextLimits& limits) {
  uint64_t state = 1;
  std::vector<Encoding> texts;
  for (const int64_t length : {3, 17, 8, 40})
    texts.push_back(made_up_text(std::min(length, limits.positions), limits.vocab_size, state));
  return texts;
}

std::vector<const Encoding*> pointers(const std::vector<Encoding>& texts) {
  std::vector<const Encoding*> all;
  for (const Encoding& text : texts) all.push_back(&text);
  return all;
}

// A model of either kind, as far as merging goes.
class Opened {
 public:
  Opened(const std::string& directory, Device device) {
    if (writes_texts(directory)) {
      writer_ = open_text_writer(directory, {.device = device});
      return;
    }
    const std::unique_ptr<TextCheckpoint> checkpoint = open_text_checkpoint(directory, FirstWeights::checkpoint);
    const std::vector<std::string> names = checkpoint->config().json.get_strings("architectures");
    if (names.empty()) fail("{}: its config.json names no architecture", directory);
    const size_t head = names[0].find("For");
    model_ = checkpoint->build(head == std::string::npos ? "Model" : names[0].substr(head), device, DType::f32, 42);
  }

  ParameterStore& store() const { return writer_ ? writer_->store() : model_->store(); }
  void save(const std::string& directory, const Tokenizer& tokenizer, const SaveOptions& options) const {
    writer_ ? writer_->save(directory, &tokenizer, options) : model_->save(directory, &tokenizer, options);
  }
  std::vector<float> outputs() const {
    if (!writer_) {
      const std::vector<Encoding> texts = made_up_texts(model_->limits());
      return (*model_)(pointers(texts)).value().to_host<float>();
    }
    const std::vector<Encoding> texts = made_up_texts(writer_->limits());
    std::vector<TargetIds> targets;
    uint64_t state = 2;
    for (size_t i = 0; i < texts.size(); ++i) targets.push_back(made_up_ids(5, writer_->limits().vocab_size, state));
    Tensor losses;
    writer_->loss(writer_->encode(pointers(texts)), targets, {}, 1, &losses);
    return losses.to_host<float>();
  }

 private:
  std::unique_ptr<TextModel> model_;
  std::unique_ptr<TextWriter> writer_;
};

}  // namespace

MergedModel merge_model(const std::string& directory, const std::string& output, Device device, DType dtype) {
  check_model_directory(directory);
  if (!holds_change(directory)) fail("{}: is a whole model: there is nothing to merge", directory);
  const std::unique_ptr<Tokenizer> tokenizer = load_tokenizer(directory);
  const auto record = read_task_record(directory);
  MergedModel done;
  std::vector<float> before;
  {
    const Opened opened(directory, device);
    before = opened.outputs();
    done.products = std::ranges::count_if(opened.store().products(), [](const auto& p) { return p->adapted(); });
    const MergedAdapters merged(opened.store());
    SaveOptions options{.dtype = dtype};
    for (const MergedAdapters::Untied& untied : merged.untied()) {
      options.untied.push_back({untied.name, untied.value});
      done.untied.push_back(fmt::format("{}, tied to {} before", untied.name, untied.tied_to));
    }
    opened.save(output, *tokenizer, options);
  }
  if (record) write_task_record(output, *record);

  const std::vector<float> after = Opened(output, device).outputs();
  for (size_t i = 0; i < before.size(); ++i) {
    done.largest_output = std::max(done.largest_output, std::abs(static_cast<double>(before[i])));
    done.largest_difference =
        std::max(done.largest_difference, std::abs(static_cast<double>(before[i]) - static_cast<double>(after.at(i))));
  }
  if (!(done.largest_difference <= bound(dtype) * std::max(1.0, done.largest_output)))
    fail("{}: the merged model gives other numbers than {}: up to {:.3g} apart, of {:.3g}", output, directory,
         done.largest_difference, done.largest_output);
  return done;
}

}  // namespace thaw
