// SPDX-License-Identifier: Apache-2.0
// Losses of parts of a batch, given the counts of the whole, add up to its loss and its gradients.
#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "tests/models/small_bert.h"

namespace thaw {

TEST_CASE("question answering: parts of a batch that are given its counts add up, losses and gradients") {
  const SmallBert<BertForQuestionAnswering> small;
  // Four starts count, three ends: one lies outside its text.
  const std::vector<int32_t> lengths{4, 9, 6, 5}, starts{1, 2, 0, 4}, ends{3, 8, 6, 4};
  const auto run = [&](const std::vector<std::vector<size_t>>& parts, double start_count, double end_count) {
    const Variable weight = small.model.qa_outputs.weight.variable();
    weight.clear_grad();
    double loss = 0;
    for (const auto& part : parts) {
      std::vector<Encoding> texts;
      std::vector<int32_t> part_starts, part_ends;
      for (const size_t i : part) {
        Encoding text;
        for (int32_t t = 0; t < lengths[i]; ++t)
          text.ids.push_back(static_cast<int32_t>((7 * i + static_cast<size_t>(t)) % 27));
        text.type_ids.assign(text.ids.size(), 0);
        texts.push_back(text);
        part_starts.push_back(starts[i]);
        part_ends.push_back(ends[i]);
      }
      const BertInput text = BertInput::from_encodings(texts, small.device);
      const Variable y = small.model.loss(small.model(text), text, part_starts, part_ends, start_count, end_count);
      loss += y.value().item<double>();
      backward(y);
    }
    return std::pair(loss, weight.grad().to_host<double>());
  };
  const auto whole = run({{0, 1, 2, 3}}, 0, 0), parts = run({{0, 2, 3}, {1}}, 4, 3);
  CHECK(parts.first == doctest::Approx(whole.first));
  for (size_t i = 0; i < whole.second.size(); ++i)
    CHECK(parts.second[i] == doctest::Approx(whole.second[i]).epsilon(1e-4));
}

TEST_CASE("pretraining: parts of a batch that are given its counts add up, losses and gradients") {
  const SmallBert<BertForPreTraining> small;
  const auto run = [&](const std::vector<std::pair<std::vector<Encoding>, std::vector<std::vector<int32_t>>>>& parts,
                       double words, double relations) {
    const Variable bias = small.model.seq_relationship.bias.variable(),
                   decoder = small.model.predictions.decoder.bias.variable();
    bias.clear_grad();
    decoder.clear_grad();
    double loss = 0;
    for (const auto& [encodings, answers] : parts) {
      const Variable y = small.model.loss(BertInput::from_encodings(encodings, small.device), answers[0], answers[1],
                                          words, relations);
      loss += y.value().item<double>();
      backward(y);
    }
    std::vector<double> gradients = bias.grad().to_host<double>();
    for (const double g : decoder.grad().to_host<double>()) gradients.push_back(g);
    return std::pair(loss, gradients);
  };
  const auto text = [](const std::vector<int32_t>& ids) {
    Encoding encoding;
    encoding.ids = ids;
    encoding.type_ids.assign(ids.size(), 0);
    return encoding;
  };
  const Encoding a = text({2, 5, 6, 3}), b = text({2, 9, 10, 11, 3});
  const auto whole = run({{{a, b}, {{-100, 7, -100, -100, -100, 8, 9, 12, -100}, {0, 1}}}}, 0, 0);
  const auto parts = run({{{a}, {{-100, 7, -100, -100}, {0}}}, {{b}, {{-100, 8, 9, 12, -100}, {1}}}}, 4, 2);
  CHECK(parts.first == doctest::Approx(whole.first));
  for (size_t i = 0; i < whole.second.size(); ++i)
    CHECK(parts.second[i] == doctest::Approx(whole.second[i]).epsilon(1e-4));
}

}  // namespace thaw
