// SPDX-License-Identifier: Apache-2.0
// BERT's heads beyond the goldens: packing changes nothing, rows that nobody reads cost nothing, labels that do not fit
// are errors.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "tensor/counters.h"
#include "tests/models/small_bert.h"

namespace thaw {

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

}  // namespace

TEST_CASE("BERT: a text's hidden states do not depend on its neighbours in the batch") {
  const SmallBert<Bert> small;
  const BertInput together = small.batch({7, 3, 12});
  const Tensor all = small.model(together).value();
  for (int64_t b = 0; b < together.count(); ++b) {
    std::vector<Encoding> one(1);
    const auto begin = static_cast<size_t>(together.segments.begin(b)),
               end = static_cast<size_t>(together.segments.end(b));
    for (size_t t = begin; t < end; ++t) {
      one[0].ids.push_back(together.ids.host()[t]);
      one[0].type_ids.push_back(together.type_ids.host()[t]);
    }
    const Tensor alone = small.model(BertInput::from_encodings(one, small.device)).value();
    CHECK(largest_difference(alone, all.slice(0, together.segments.begin(b), together.segments.end(b))) < 1e-5);
  }
}

TEST_CASE("BERT: the first tokens alone are those of the whole last layer, for less work") {
  const SmallBert<Bert> small;
  const BertInput text = small.batch({7, 3, 12});
  counters() = {};
  const Tensor whole = take_rows(small.model(text), text.first_tokens).value();
  const double whole_work = counters().flops;
  counters() = {};
  const Tensor first = small.model.first_tokens(text).value();
  CHECK(largest_difference(first, whole) < 1e-5);
  CHECK(counters().flops < 0.85 * whole_work);
}

TEST_CASE("BERT: dropout is drawn anew for each pass, and repeats with the random position") {
  SmallBert<Bert> small;
  BertConfig config = small.config;
  config.hidden_dropout_prob = 0.2;
  ParameterStore store(small.device, DType::f32, 1);
  const Bert bert(Scope(store), config);
  const BertInput text = small.batch({5, 6});
  store.mode().training = true;
  const auto pass = [&] { return bert(text).value().to_bytes(); };
  const auto first = pass();
  CHECK(pass() != first);
  store.mode().random.set_position(0);
  CHECK(pass() == first);
  store.mode().training = false;
  CHECK(pass() == pass());
}

TEST_CASE("masked LM: the loss makes logits for the labelled tokens alone, and is that of all logits") {
  const SmallBert<BertForMaskedLM> small;
  const BertInput text = small.batch({7, 3, 12});
  std::vector<int32_t> labels(static_cast<size_t>(text.total()), -100);
  labels[2] = 5;
  labels[9] = 11;
  labels[20] = 3;
  counters() = {};
  const double all = cross_entropy(small.model(text), Indices(labels, small.device)).value().item<double>();
  const double whole_work = counters().flops;
  counters() = {};
  CHECK(small.model.loss(text, labels).value().item<double>() == doctest::Approx(all));
  // transform and decoder of the other rows
  const auto channels = static_cast<double>(small.config.hidden_size),
             words = static_cast<double>(small.config.vocab_size);
  CHECK(whole_work - counters().flops ==
        doctest::Approx(2 * static_cast<double>(text.total() - 3) * channels * (channels + words)));
  CHECK(small.model.loss(text, labels, 6).value().item<double>() == doctest::Approx(all / 2));
  CHECK(small.model.loss(text, std::vector<int32_t>(labels.size(), -100)).value().item<double>() == 0);
  labels.pop_back();
  CHECK_THROWS_WITH_AS(small.model.loss(text, labels), "21 labels for 22 tokens", std::invalid_argument);
}

TEST_CASE("masked LM: tied, the decoder reads the word embeddings, and its bias keeps the head's name") {
  ParameterStore store(Device::from_environment(), DType::f32, 2);
  const BertForMaskedLM model(Scope(store), small_bert_config());
  CHECK(model.predictions.decoder.weight.same(model.bert.embeddings.words.weight));
  CHECK(model.predictions.decoder.bias.name() == "cls.predictions.bias");
  CHECK_FALSE(store.any_trained("cls.predictions.decoder"));
}

TEST_CASE("masked LM: untied, the decoder is a matrix of its own") {
  BertConfig config = small_bert_config();
  config.tie_word_embeddings = false;
  ParameterStore store(Device::from_environment(), DType::f32, 2);
  const BertForMaskedLM model(Scope(store), config);
  CHECK(store.find("cls.predictions.decoder.weight").defined());
  CHECK(store.find("cls.predictions.decoder.bias").defined());
  CHECK(model.predictions.decoder.bias.name() == "cls.predictions.decoder.bias");
  CHECK_FALSE(model.predictions.decoder.weight.same(model.bert.embeddings.words.weight));
}

TEST_CASE("question answering: a softmax over each text's own tokens; answers outside are not counted") {
  const SmallBert<BertForQuestionAnswering> small;
  const BertInput text = small.batch({4, 9});
  const Variable logits = small.model(text);
  const std::vector<double> z = logits.value().to_host<double>();
  const auto loss_of_token = [&](size_t column, int64_t text_number, int32_t position) {
    double sum = 0;
    for (int32_t t = text.segments.begin(text_number); t < text.segments.end(text_number); ++t)
      sum += std::exp(z[2 * static_cast<size_t>(t) + column]);
    const auto at = static_cast<size_t>(text.segments.begin(text_number) + position);
    return std::log(sum) - z[2 * at + column];
  };
  const auto loss = [&](const std::vector<int32_t>& starts, const std::vector<int32_t>& ends) {
    return small.model.loss(logits, text, starts, ends).value().item<double>();
  };
  const double start0 = loss_of_token(0, 0, 1), start1 = loss_of_token(0, 1, 2), end0 = loss_of_token(1, 0, 3),
               end1 = loss_of_token(1, 1, 8);
  CHECK(loss({1, 2}, {3, 8}) == doctest::Approx((start0 + start1 + end0 + end1) / 4));
  CHECK(loss({1, 2}, {4, 8}) == doctest::Approx((start0 + start1 + 2 * end1) / 4));
  CHECK(loss({-1, 2}, {3, 8}) == doctest::Approx((loss_of_token(0, 0, 0) + start1 + end0 + end1) / 4));
  CHECK_THROWS_WITH_AS(loss({1}, {3, 8}), "1 positions for 2 texts", std::invalid_argument);
}

TEST_CASE("padding that is kept changes no text, and its word vector is not trained by it") {
  SmallBert<Bert> small;
  PaddedText padded;
  padded.rows = 2;
  padded.columns = 5;
  padded.ids = {7, 8, 9, 0, 0, 10, 11, 12, 13, 14};
  padded.mask = {1, 1, 1, 0, 0, 1, 1, 1, 1, 1};
  const BertInput dropped = BertInput::from_padded(padded, small.device);
  const BertInput kept = keep_padding(padded, small.device);
  const Variable hidden = small.model(kept);
  CHECK(largest_difference(take_rows(hidden, kept.text_rows).value(), small.model(dropped).value()) < 1e-5);

  small.store.find("embeddings.word_embeddings.weight").train();
  backward(sum_all(square(small.model(kept))));
  const Tensor grad = small.store.find("embeddings.word_embeddings.weight").variable().grad();
  const auto norm = [&](int64_t row) {
    double sum = 0;
    for (const double g : grad.slice(0, row, row + 1).to_host<double>()) sum += g * g;
    return sum;
  };
  CHECK(norm(0) == 0);
  CHECK(norm(7) > 0);
}

TEST_CASE("classification loss: targets that do not fit are errors") {
  const Variable logits = Tensor::zeros({2, 3}, DType::f32, Device::from_environment());
  ClassificationTargets targets;
  targets.classes = {0};
  targets.values = {1, 0};
  CHECK_THROWS_WITH_AS(classification_loss(ProblemType::single_label, logits, targets), "1 classes for 2 examples",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(classification_loss(ProblemType::multi_label, logits, targets),
                       "2 target values for logits [2, 3]", std::invalid_argument);
}

}  // namespace thaw
