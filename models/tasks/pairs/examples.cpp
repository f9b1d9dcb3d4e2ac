// SPDX-License-Identifier: Apache-2.0
// Reads pairs; losses of batches, ranks in whole data sets.
#include "models/tasks/pairs/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <unordered_map>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/contrastive_loss.h"
#include "models/prefix/key.h"
#include "models/tasks/checksum.h"
#include "models/tasks/files_once.h"
#include "models/tasks/medium.h"
#include "models/tasks/pairs/evaluation.h"
#include "models/tasks/pairs/filed_pairs.h"
#include "models/tasks/pairs/model.h"
#include "models/tasks/partner_ranks.h"
#include "nn/mode.h"
#include "nn/train/batches.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t judged_block = 128;  // pairs that the loss of an evaluation mixes, at least
// Nothing is kept for gradients, so batches may be large; longer ones only cost memory.
constexpr BatchOptions judged_batches{.batch_size = 128, .batch_tokens = 4096};

// Things that a model sees as the same have the same number, counted from 0.
class Numbers {
 public:
  int64_t of(const Encoding& thing) { return seen_.try_emplace(text_key(thing), std::ssize(seen_)).first->second; }

 private:
  std::unordered_map<Key128, int64_t, HashOfKey> seen_;
};

// Of some examples the different things of one side, and which belong together.
struct Things {
  std::vector<int64_t> firsts;  // of each thing the first example that has it
  std::vector<int64_t> of;      // of each example the thing's place there
};

Things different(std::span<const int64_t> examples, const std::vector<int64_t>& numbers) {
  Things things;
  std::unordered_map<int64_t, int64_t> places;
  for (const int64_t example : examples) {
    const auto [found, is_new] = places.try_emplace(numbers[static_cast<size_t>(example)], std::ssize(things.firsts));
    if (is_new) things.firsts.push_back(example);
    things.of.push_back(found->second);
  }
  return things;
}

// Of each of `a` its different partners among `b`.
std::vector<std::vector<int64_t>> partners_of(const Things& a, const Things& b) {
  std::vector<std::vector<int64_t>> partners(a.firsts.size());
  for (size_t i = 0; i < a.of.size(); ++i) {
    std::vector<int64_t>& own = partners[static_cast<size_t>(a.of[i])];
    if (std::ranges::find(own, b.of[i]) == own.end()) own.push_back(b.of[i]);
  }
  return partners;
}

// rows[places], of so many numbers each.
std::vector<float> picked(std::span<const float> rows, std::span<const int64_t> places, int64_t width) {
  std::vector<float> out;
  for (const int64_t place : places) {
    const auto row = rows.subspan(static_cast<size_t>(place * width), static_cast<size_t>(width));
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

std::vector<int64_t> ranks_of_all(const std::vector<int64_t>& ranks, const Things& things) {
  std::vector<int64_t> all;
  for (const int64_t thing : things.of) all.push_back(ranks[static_cast<size_t>(thing)]);
  return all;
}

}  // namespace

ExampleWords PairExamples::words() const {
  return {"pair", model_.files() == InputKind::pictures ? "tokens and patches" : "tokens and positions"};
}

Tensor PairExamples::repeated(std::span<const int64_t> examples, const Variable& logits) const {
  constexpr float never = -1e30F;
  const size_t n = examples.size();
  std::vector<float> mask(n * n);
  bool any = false;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j) {
      const auto a = static_cast<size_t>(examples[i]), b = static_cast<size_t>(examples[j]);
      if (i == j ||
          (data_->file_numbers[a] != data_->file_numbers[b] && data_->text_numbers[a] != data_->text_numbers[b]))
        continue;
      mask[i * n + j] = never;
      any = true;
    }
  if (!any) return {};
  const Tensor& value = logits.value();
  return Tensor::from_host(mask, value.shape(), value.device(), value.dtype());
}

Variable PairExamples::logits_of(std::span<const int64_t> examples) const {
  return model_.model().logits(model_.vectors(PairSide::files, data_->files.pick(examples)),
                               model_.vectors(PairSide::texts, data_->texts.pick(examples)));
}

Variable PairExamples::loss(std::span<const int64_t> examples, double count) const {
  const Variable logits = logits_of(examples);
  const Tensor mask = repeated(examples, logits);
  return contrastive_loss(mask.defined() ? add(logits, mask) : logits, count);
}

std::vector<float> PairExamples::outputs(std::span<const int64_t> examples) const {
  std::vector<float> both = model_.vectors(PairSide::files, data_->files.pick(examples)).value().to_host<float>();
  const std::vector<float> texts =
      model_.vectors(PairSide::texts, data_->texts.pick(examples)).value().to_host<float>();
  both.insert(both.end(), texts.begin(), texts.end());
  return both;
}

void PairExamples::expect(PairSide side, std::span<const int64_t> examples) const {
  things_of(side).expect(examples, model_.are_kept(side));
}

std::vector<float> PairExamples::vectors(PairSide side, std::span<const int64_t> examples) const {
  const EncodedTexts& things = things_of(side);
  std::vector<int64_t> lengths;
  for (const int64_t example : examples) lengths.push_back(things.lengths()[static_cast<size_t>(example)]);
  BatchOptions options = judged_batches;
  if (const int64_t most = evaluation_tokens(); most > 0) options.batch_tokens = std::min(options.batch_tokens, most);
  const std::vector<std::vector<int64_t>> batches = evaluation_batches(lengths, options);
  std::vector<int64_t> in_order;
  for (const std::vector<int64_t>& places : batches)
    for (const int64_t place : places) in_order.push_back(examples[static_cast<size_t>(place)]);
  expect(side, in_order);
  const auto width = static_cast<size_t>(model_.width());
  std::vector<float> all(examples.size() * width);
  std::span<const int64_t> left(in_order);
  for (const std::vector<int64_t>& places : batches) {
    const std::vector<float> some = model_.embed(side, things.pick(left.first(places.size())));
    left = left.subspan(places.size());
    for (size_t i = 0; i < places.size(); ++i)
      std::copy_n(some.begin() + static_cast<ptrdiff_t>(i * width), width,
                  all.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(places[i]) * width));
  }
  return all;
}

double PairExamples::mean_loss(std::span<const int64_t> examples, std::span<const float> files,
                               std::span<const float> texts) const {
  const NoGrad no_grad;
  const int64_t n = std::ssize(examples), parts = std::max<int64_t>(n / judged_block, 1), width = model_.width();
  const Device device = model_.store().device();
  double sum = 0;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t begin = n * part / parts, count = n * (part + 1) / parts - begin;
    const auto block = [&](std::span<const float> rows) {
      return Variable(
          Tensor::from_host(rows.subspan(static_cast<size_t>(begin * width), static_cast<size_t>(count * width)),
                            {count, width}, device));
    };
    const Variable logits = model_.model().logits(block(files), block(texts));
    const Tensor mask = repeated(examples.subspan(static_cast<size_t>(begin), static_cast<size_t>(count)), logits);
    sum += static_cast<double>(contrastive_loss(mask.defined() ? add(logits, mask) : logits, 1).item());
  }
  return sum / static_cast<double>(n);
}

std::unique_ptr<Evaluation> PairExamples::evaluate(std::span<const int64_t> examples) const {
  const Things files = different(examples, data_->file_numbers), texts = different(examples, data_->text_numbers);
  const std::vector<float> file_vectors = vectors(PairSide::files, files.firsts),
                           text_vectors = vectors(PairSide::texts, texts.firsts);
  const Device device = model_.store().device();
  const int64_t width = model_.width();
  PairRanks ranks;
  ranks.of_text =
      ranks_of_all(partner_ranks(file_vectors, text_vectors, width, partners_of(files, texts), device), files);
  ranks.of_file =
      ranks_of_all(partner_ranks(text_vectors, file_vectors, width, partners_of(texts, files), device), texts);
  const std::vector<float> of_files = picked(file_vectors, files.of, width),
                           of_texts = picked(text_vectors, texts.of, width);
  std::vector<double> cosines;
  for (size_t i = 0; i < examples.size(); ++i) {
    const auto row = [&](const std::vector<float>& rows) {
      return std::span(rows).subspan(i * static_cast<size_t>(width), static_cast<size_t>(width));
    };
    cosines.push_back(static_cast<double>(exact_cosine(row(of_files), row(of_texts))));
  }
  return std::make_unique<PairEvaluation>(model_.files(), std::move(cosines), std::move(ranks),
                                          mean_loss(examples, of_files, of_texts));
}

ShownExample PairExamples::show(int64_t example) const {
  ShownExample shown = data_->files.show(example, model_.encoder(PairSide::files));
  const ShownExample text = data_->texts.show(example, model_.encoder(PairSide::texts));
  shown.tokens.insert(shown.tokens.end(), text.tokens.begin(), text.tokens.end());
  shown.text += ": " + text.text;
  shown.cut += text.cut;
  return shown;
}

Fingerprint PairExamples::identity() const {
  return {{std::string(name_of(model_.files())), checksum_text(data_->files.checksum())},
          {"their texts, as token ids", checksum_text(data_->texts.checksum())}};
}

std::unique_ptr<Examples> PairExamples::read_by(TaskModel& other) const {
  return std::make_unique<PairExamples>(dynamic_cast<PairTaskModel&>(other).pairs(), data_);
}

std::shared_ptr<const PairExamples::Data> read_pairs(const PairPipeline& model, const std::string& file,
                                                     const PairOptions& options) {
  auto data = std::make_shared<PairExamples::Data>();
  data->files = data->texts = EncodedTexts(file);
  Numbers files, texts;
  const std::unique_ptr<RowNotes> notes = model.encoder(PairSide::files).notes();
  FiledPairs rows(file, options);
  FilesOnce encoder(model.encoder(PairSide::files));
  for (FiledPair row; rows.next(row);) {
    Encoding thing = encoder.encode(row.file);
    Encoding text = model.encoder(PairSide::texts).encode(row.text);
    notes->add(row.file, thing);
    data->lengths.push_back(static_cast<int64_t>(thing.size() + text.size()));
    data->file_numbers.push_back(files.of(thing));
    data->text_numbers.push_back(texts.of(text));
    data->files.add(std::move(thing), row.line);
    data->texts.add(std::move(text), row.line);
  }
  if (data->lengths.empty()) fail("{}: has no rows below its header", file);
  for (const std::string& line : notes->lines()) data->notes.push_back(fmt::format("{}: {}", file, line));
  return data;
}

std::shared_ptr<const PairExamples::Data> made_up_pairs(const PairPipeline& model, int64_t count) {
  auto data = std::make_shared<PairExamples::Data>();
  const Encoding thing = model.encoder(PairSide::files).longest(), text = longest_text(model.texts());
  data->files = EncodedTexts::made_up(count, thing);
  data->texts = EncodedTexts::made_up(count, text);
  data->lengths.assign(static_cast<size_t>(count), static_cast<int64_t>(thing.size() + text.size()));
  data->file_numbers.resize(static_cast<size_t>(count));
  std::iota(data->file_numbers.begin(), data->file_numbers.end(), int64_t{0});
  data->text_numbers = data->file_numbers;
  return data;
}

}  // namespace thaw
