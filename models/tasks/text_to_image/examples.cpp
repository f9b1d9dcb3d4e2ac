// SPDX-License-Identifier: Apache-2.0
// Losses of captions and of pictures, by one pass.
#include "models/tasks/text_to_image/examples.h"

#include "autograd/functions.h"
#include "models/judged_rows.h"
#include "models/tasks/checksum.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/text_to_image/evaluation.h"
#include "models/tasks/text_to_image/model.h"
#include "tensor/check.h"

namespace thaw {

// Sequences, the tokens that tell those behind them, and these: first of all captions, then of all pictures.
struct TextToImageExamples::Batch {
  std::vector<const Encoding*> texts;
  std::vector<int32_t> tokens, truths;
  int64_t text_terms, image_terms;  // of each sequence

  Batch(const TextToImageExamples& of, std::span<const int64_t> examples) : texts(of.data_->sequences.pick(examples)) {
    const ImageTokens& layout = of.encoder_->tokens();
    text_terms = layout.caption_length - 1;
    image_terms = layout.pixels();
    const auto add = [&](int64_t begin, int64_t end) {
      int64_t before = 0;
      for (const Encoding* text : texts) {
        for (int64_t place = begin; place < end; ++place) {
          tokens.push_back(static_cast<int32_t>(before + place - 1));
          truths.push_back(text->ids[static_cast<size_t>(place)]);
        }
        before += std::ssize(text->ids);
      }
    };
    add(1, layout.caption_length);
    add(layout.prompt_length(), layout.length());
  }

  int64_t all_text_terms() const { return text_terms * std::ssize(texts); }
  std::vector<int32_t> text_truths() const { return {truths.begin(), truths.begin() + all_text_terms()}; }
  std::vector<int32_t> image_truths() const { return {truths.begin() + all_text_terms(), truths.end()}; }
};

Variable TextToImageExamples::loss(std::span<const int64_t> examples, double count) const {
  const Batch batch(*this, examples);
  const Variable logits = model_.outputs_at(batch.texts, batch.tokens);
  const Device device = logits.value().device();
  const int64_t texts = batch.all_text_terms(), rows = logits.value().size(0);
  const Variable text = cross_entropy(slice(logits, 0, 0, texts), Indices(batch.text_truths(), device), {},
                                      count * static_cast<double>(batch.text_terms));
  const Variable image = cross_entropy(slice(logits, 0, texts, rows), Indices(batch.image_truths(), device), {},
                                       count * static_cast<double>(batch.image_terms));
  return add(scale(text, text_weight), scale(image, image_weight));
}

std::vector<float> TextToImageExamples::outputs(std::span<const int64_t> examples) const {
  const Batch batch(*this, examples);
  return model_.outputs_at(batch.texts, batch.tokens).value().to_host<float>();
}

std::unique_ptr<Evaluation> TextToImageExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<JudgedDrawing> said(examples.size());
  const auto run = [&](std::span<const int64_t> numbers, std::span<const int64_t> places) {
    const Batch batch(*this, numbers);
    const Tensor logits = model_.outputs_at(batch.texts, batch.tokens).value();
    const JudgedRows judged = judge_rows(logits, Indices(batch.truths, logits.device()));
    const auto mean = [&](const auto& of_row, int64_t first, int64_t count) {
      double sum = 0;
      for (int64_t row = first; row < first + count; ++row) sum += of_row(static_cast<size_t>(row));
      return sum / static_cast<double>(count);
    };
    const auto loss = [&](size_t row) { return static_cast<double>(judged.losses[row]); };
    const auto right = [&](size_t row) { return judged.likeliest[row] == batch.truths[row] ? 1.0 : 0.0; };
    double sum = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      const auto number = static_cast<int64_t>(i);
      const int64_t picture = batch.all_text_terms() + number * batch.image_terms;
      JudgedDrawing& one = said[static_cast<size_t>(places[i])];
      one.text_loss = mean(loss, number * batch.text_terms, batch.text_terms);
      one.image_loss = mean(loss, picture, batch.image_terms);
      one.accuracy = mean(right, picture, batch.image_terms);
      one.caption = caption(numbers[i]);
      sum += one.loss();
    }
    return sum;
  };
  evaluate_in_batches(model_.store(), *this, examples, run);
  return std::make_unique<TextToImageEvaluation>(std::move(said));
}

KeptTexts TextToImageExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  return model_.keep_frozen(data_->sequences.pick(examples), how);
}

std::vector<std::string> TextToImageExamples::notes() const {
  CutCount cuts;
  for (int64_t example = 0; example < size(); ++example) cuts.add(cut(example));
  const std::string line = cuts.to_text("caption");
  return line.empty() ? std::vector<std::string>() : std::vector{line};
}

std::string TextToImageExamples::caption(int64_t example) const {
  std::vector<int32_t> words = data_->sequences[example].ids;
  std::erase_if(words, [&](int32_t id) { return id >= encoder_->tokens().caption_words(); });
  return model_.tokenizer().decode(words);
}

ShownExample TextToImageExamples::show(int64_t example) const {
  const ImageTokens& layout = encoder_->tokens();
  ShownExample shown;
  shown.where = fmt::format("{}:{}", data_->sequences.file(), data_->sequences.line(example));
  shown.text = caption(example);
  shown.cut = cut(example);
  for (const int32_t id : data_->sequences[example].ids) {
    const std::string name = layout.name(id);
    shown.tokens.push_back({name.empty() ? model_.tokenizer().token(id) : name, true});
  }
  shown.tokens[0].has_loss = shown.tokens[static_cast<size_t>(layout.caption_length)].has_loss = false;
  return shown;
}

Fingerprint TextToImageExamples::identity() const {
  return {{"captions and pictures, as token ids", checksum_text(data_->sequences.checksum())}};
}

std::unique_ptr<Examples> TextToImageExamples::read_by(TaskModel& other) const {
  return std::make_unique<TextToImageExamples>(dynamic_cast<TextToImageModel&>(other).text(), encoder_, data_);
}

std::shared_ptr<const TextToImageExamples::Data> read_sequences(const SequenceEncoder& encoder, const std::string& file,
                                                                const TextToImageOptions& options) {
  auto data = std::make_shared<TextToImageExamples::Data>();
  data->sequences = EncodedTexts(file);
  CaptionedRows rows(file, options);
  for (CaptionedRow row; rows.next(row);) {
    data->sequences.add(encoder.sequence(row), row.line);
    data->pictures.push_back(path_of(row));
  }
  if (data->sequences.empty()) fail("{}: has no rows below its header", file);
  return data;
}

}  // namespace thaw
