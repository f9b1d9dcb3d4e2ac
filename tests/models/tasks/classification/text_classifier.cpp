// SPDX-License-Identifier: Apache-2.0
// The text classifier: when a head is kept and when it is new, and that what is saved predicts the same.
#include "models/tasks/classification/text_classifier.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/bert/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

using Labels = std::vector<std::string>;

struct Directory {
  ScratchFolder folder;
  std::string path = folder / "model";
  explicit Directory(const Labels& labels, std::optional<ProblemType> problem = {}) {
    BertConfig config = small_bert_config();
    config.labels = labels;
    config.problem_type = problem;
    config.hidden_dropout_prob = 0.1;
    write_small_model<BertForSequenceClassification>(path, config);
  }
};

TextClassifierOptions with_labels(const Labels& labels) {
  TextClassifierOptions options;
  options.labels = labels;
  return options;
}

std::vector<float> predict(TextClassifier& classifier, const std::vector<std::string>& texts) {
  std::vector<Encoding> encodings;
  std::vector<const Encoding*> batch;
  for (const std::string& text : texts) encodings.push_back(classifier.encode(text));
  for (const Encoding& encoding : encodings) batch.push_back(&encoding);
  return classifier.predict(batch);
}

bool head_is_new(const TextClassifier& classifier) {
  return std::ranges::count(classifier.report().initialised, "classifier.weight") > 0;
}

const std::vector<std::string> texts = {"the cat sat on the mat.", "very good film!", "bad"};

}  // namespace

TEST_CASE("text classifier: the checkpoint's labels keep their head and their order") {
  const Directory directory({"neg", "neutral", "pos"});
  for (const Labels& labels : {Labels{}, Labels{"neg", "neutral", "pos"}, Labels{"pos", "neg", "neutral"}}) {
    const TextClassifier classifier(directory.path, with_labels(labels));
    CHECK(classifier.labels() == Labels{"neg", "neutral", "pos"});
    CHECK_FALSE(head_is_new(classifier));
    CHECK(classifier.report().notes.empty());
  }
}

TEST_CASE("text classifier: other labels get a new head, and the report says so") {
  const Directory directory({"neg", "neutral", "pos"});
  for (const Labels& labels : {Labels{"a", "b"}, Labels{"a", "b", "c"}, Labels{"neg", "neutral", "pos", "other"}}) {
    const TextClassifier classifier(directory.path, with_labels(labels));
    CHECK(classifier.labels() == labels);
    CHECK(head_is_new(classifier));
    REQUIRE(classifier.report().notes.size() == 1);
    CHECK(classifier.report().notes[0] ==
          "the checkpoint's classifier is for other labels (neg, neutral, pos): a new one is used");
    CHECK(classifier.report().unexpected.empty());
  }
}

TEST_CASE("text classifier: a head without label names keeps its numbers and takes the names") {
  const Directory directory({"LABEL_0", "LABEL_1"});
  const TextClassifier two(directory.path, with_labels({"bad", "good"}));
  CHECK(two.labels() == Labels{"bad", "good"});
  CHECK_FALSE(head_is_new(two));
  const TextClassifier three(directory.path, with_labels({"bad", "good", "ugly"}));
  CHECK(head_is_new(three));
}

TEST_CASE("text classifier: a checkpoint that names no labels has LABEL_n, as many as its head has rows") {
  const Directory two({"LABEL_0", "LABEL_1"}), three({"LABEL_0", "LABEL_1", "LABEL_2"});
  for (const auto& [directory, labels] :
       {std::pair<const Directory&, Labels>{two, {"LABEL_0", "LABEL_1"}}, {three, {"LABEL_0", "LABEL_1", "LABEL_2"}}}) {
    Json config = Json::read(directory.path + "/config.json");
    config.erase("id2label");
    config.erase("label2id");
    config.write(directory.path + "/config.json", {});
    TextClassifierOptions options;
    options.trained = true;
    TextClassifier classifier(directory.path, options);
    CHECK(classifier.labels() == labels);
    CHECK(predict(classifier, texts).size() == 3 * labels.size());
    CHECK_FALSE(head_is_new(TextClassifier(directory.path, with_labels(Labels(labels.size(), "x")))));
  }
}

TEST_CASE("text classifier: labels that are some of the checkpoint's keep its head and all of its labels") {
  const Directory directory({"neg", "neutral", "pos"});
  const TextClassifier classifier(directory.path, with_labels({"pos", "neg"}));
  CHECK(classifier.labels() == Labels{"neg", "neutral", "pos"});
  CHECK_FALSE(head_is_new(classifier));
  CHECK_FALSE(classifier.labels_are_numbers());
  REQUIRE(classifier.report().notes.size() == 1);
  CHECK(classifier.report().notes[0] ==
        "the checkpoint's classifier stays, with all of its labels (neg, neutral, pos)");
}

TEST_CASE("text classifier: numbers are those of classes that have other names") {
  const Directory named({"NEGATIVE", "POSITIVE"}), numbered({"1", "2", "3"}),
      nameless({"LABEL_0", "LABEL_1", "LABEL_2"});
  const TextClassifier two(named.path, with_labels({"0", "1"}));
  CHECK(two.labels() == Labels{"NEGATIVE", "POSITIVE"});
  CHECK(two.labels_are_numbers());
  CHECK_FALSE(head_is_new(two));
  REQUIRE(two.report().notes.size() == 1);
  CHECK(two.report().notes[0] ==
        "the labels 0, 1 are taken as numbers of the checkpoint's classes (NEGATIVE, POSITIVE)");
  const TextClassifier some(nameless.path, with_labels({"0", "2"}));
  CHECK(some.labels() == Labels{"LABEL_0", "LABEL_1", "LABEL_2"});
  CHECK(some.labels_are_numbers());
  for (const Labels& other : {Labels{"1", "2"}, Labels{"0", "-1"}, Labels{"00", "01"}, Labels{"0", "NEGATIVE"}}) {
    const TextClassifier classifier(named.path, with_labels(other));
    CHECK(classifier.labels() == other);
    CHECK(head_is_new(classifier));
    CHECK_FALSE(classifier.labels_are_numbers());
  }
  CHECK(head_is_new(TextClassifier(numbered.path, with_labels({"0", "1", "2"}))));
  CHECK_FALSE(head_is_new(TextClassifier(numbered.path, with_labels({"1", "2"}))));
}

TEST_CASE("text classifier: a regression's head stays if it has as many outputs, whatever their names") {
  const Directory directory({"score"}, ProblemType::regression), three({"a", "b", "c"}, ProblemType::regression);
  TextClassifierOptions options = with_labels({"LABEL_0"});
  options.problem_type = ProblemType::regression;
  const TextClassifier same(directory.path, options);
  CHECK(same.labels() == Labels{"score"});
  CHECK_FALSE(head_is_new(same));
  CHECK(head_is_new(TextClassifier(three.path, options)));
  options.labels = {"LABEL_0", "LABEL_1", "LABEL_2"};
  const TextClassifier several(three.path, options);
  CHECK(several.labels() == Labels{"a", "b", "c"});
  CHECK_FALSE(head_is_new(several));
  // Classes with names are no numbers.
  const Directory sentiments({"neg", "neutral", "pos"});
  const TextClassifier classes(sentiments.path, options);
  CHECK(classes.labels() == options.labels);
  CHECK(head_is_new(classes));
}

TEST_CASE("text classifier: nothing is predicted from tensors that are new") {
  ScratchFolder folder;
  write_small_model<Bert>(folder / "bare", small_bert_config());
  write_small_model<BertForTokenClassification>(folder / "tokens", small_bert_config());
  TextClassifierOptions options;
  options.trained = true;
  CHECK_THROWS_WITH_AS(
      TextClassifier(folder / "bare", options),
      (folder / "bare" + ": the checkpoint (\"BertModel\") has no trained head for whole texts (without "
                         "classifier.weight, classifier.bias there is nothing to predict): train it first")
          .c_str(),
      std::runtime_error);
  CHECK_THROWS_WITH_AS(
      TextClassifier(folder / "tokens", options),
      (folder / "tokens" + ": the checkpoint (\"BertForTokenClassification\") has no head for whole texts: its "
                           "classifier.weight is of another task: train it first")
          .c_str(),
      std::runtime_error);
}

TEST_CASE("text classifier: another task's head of the same name is not taken for its own") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"a", "b"};
  write_small_model<BertForTokenClassification>(folder / "tokens", config);
  const TextClassifier classifier(folder / "tokens", with_labels({"a", "b"}));
  CHECK(head_is_new(classifier));
  REQUIRE(classifier.report().notes.size() == 1);
  CHECK(classifier.report().notes[0] ==
        "the checkpoint (\"BertForTokenClassification\") has no head for whole texts: its classifier.weight is of "
        "another task, a new one is used");
}

TEST_CASE("text classifier: pairs need as many segment types as the model has") {
  const Directory two({"a", "b"});
  const TextLimits limits{.positions = 32, .vocab_size = 27, .type_vocab_size = 2};
  CHECK_NOTHROW(TextEncoder("DIR", load_tokenizer(two.path), limits, 0).check_takes_pairs());
  const TextLimits one_type{.positions = 32, .vocab_size = 27, .type_vocab_size = 1};
  CHECK_THROWS_WITH_AS(TextEncoder("DIR", load_tokenizer(two.path), one_type, 0).check_takes_pairs(),
                       "DIR: the model has one segment type only (type_vocab_size 1), pairs of texts need 2: it takes "
                       "no pairs",
                       std::runtime_error);
}

TEST_CASE("text classifier: a saved prompt that takes all positions of a text is refused before any is read") {
  const Directory two({"a", "b"});
  const auto behind = [&](int64_t rows) {
    return TextEncoder("DIR", load_tokenizer(two.path),
                       {.positions = 9, .vocab_size = 27, .taken = [rows] { return rows; }}, 0);
  };
  CHECK(behind(8).max_length() == 1);
  CHECK_THROWS_WITH_AS(behind(9), "a text may have 9 tokens: its prompt or prefix leaves none", std::invalid_argument);
}

TEST_CASE("text classifier: a text whose numbers are not finite has no scores, the others have theirs") {
  for (const ProblemType problem : {ProblemType::single_label, ProblemType::multi_label, ProblemType::regression}) {
    const Directory directory({"a", "b"}, problem);
    TextClassifier classifier(directory.path);
    const std::vector<float> before = predict(classifier, {"good", "bad"});
    // The position that only a text of six tokens has.
    const Tensor positions = classifier.store().find("bert.embeddings.position_embeddings.weight").value();
    std::vector<float> values = positions.to_host<float>();
    for (size_t i = 5 * 16; i < 6 * 16; ++i) values[i] = std::numeric_limits<float>::infinity();
    positions.copy_from(Tensor::from_host(values, positions.shape(), positions.device()));
    const std::vector<float> scores = predict(classifier, {"good", "good good good good", "bad"});
    for (const auto& [now, then] : {std::pair{0, 0}, {1, 1}, {4, 2}, {5, 3}})
      CHECK(double{scores[static_cast<size_t>(now)]} == doctest::Approx(before[static_cast<size_t>(then)]));
    CHECK(std::isnan(scores[2]));
    CHECK(std::isnan(scores[3]));
  }
}

TEST_CASE("text classifier: an encoder without a head") {
  ScratchFolder folder;
  write_small_model<Bert>(folder / "model", small_bert_config());
  const TextClassifier classifier(folder / "model", with_labels({"a", "b", "c"}));
  CHECK(head_is_new(classifier));
  CHECK(classifier.num_labels() == 3);
  CHECK(classifier.report().notes.empty());
}

TEST_CASE("text classifier: texts, pairs and lengths") {
  const Directory directory({"a", "b"});
  TextClassifierOptions options;
  const TextClassifier whole(directory.path, options);
  CHECK(whole.max_length() == 32);  // the model's positions
  options.max_length = 6;
  const TextClassifier cut(directory.path, options);
  CHECK(cut.encode("the cat sat on the mat.").size() == 6);
  const Encoding pair = cut.encode("the cat sat on the mat.", "bad");
  CHECK(pair.size() == 6);
  CHECK(pair.type_ids == std::vector<int32_t>{0, 0, 0, 0, 1, 1});
  const Encoding alone = whole.encode("cat"), beside_nothing = whole.encode("cat", "");
  CHECK(alone.size() == 3);
  CHECK(beside_nothing.type_ids == std::vector<int32_t>{0, 0, 0, 1});
  CHECK(beside_nothing.ids.back() == alone.ids.back());
  options.max_length = 33;
  CHECK_THROWS_WITH_AS(TextClassifier(directory.path, options),
                       "max_length 33: more tokens than the model has positions: 32", std::invalid_argument);
}

TEST_CASE("text classifier: a prompt takes positions of its texts") {
  const Directory directory({"a", "b"});
  TextClassifierOptions options;
  TextClassifier classifier(directory.path, options);
  FreezeMask().prompt(27).apply(classifier.store());
  CHECK(classifier.max_length() == 5);
  CHECK(classifier.encode("the cat sat on the mat.").size() == 5);
  options.max_length = 6;
  TextClassifier longer(directory.path, options);
  FreezeMask().prompt(27).apply(longer.store());
  CHECK_THROWS_WITH_AS(longer.encode("cat"),
                       "max_length 6: more tokens than the model has positions behind its prompt or prefix: 5",
                       std::invalid_argument);
}

TEST_CASE("text classifier: the tokenizer's limit is a default, the model's positions are the limit") {
  const Directory directory({"a", "b"});
  write_bytes(directory.path + "/tokenizer_config.json", R"({"model_max_length": 8, "truncation_side": "left"})");
  const std::string text = "the cat sat on the mat the cat sat on the mat.";
  const TextClassifier usual(directory.path);
  CHECK(usual.max_length() == 8);
  const Encoding end = usual.encode(text);
  CHECK(end.size() == 8);
  TextClassifierOptions options;
  options.max_length = 32;
  const TextClassifier longer(directory.path, options);
  const Encoding whole = longer.encode(text);
  CHECK(whole.size() == 15);
  CHECK(std::equal(end.ids.begin() + 1, end.ids.end(), whole.ids.end() - 7));
}

TEST_CASE("text classifier: tokens beyond the model's matter only where a text has them") {
  const Directory directory({"a", "b"});
  const std::string vocabulary = directory.path + "/vocab.txt";
  write_bytes(vocabulary, read_bytes(vocabulary) + "\n");  // a blank last line
  write_bytes(directory.path + "/tokenizer_config.json", R"({"additional_special_tokens": ["[NEW]"]})");
  const TextClassifier classifier(directory.path);
  CHECK(classifier.encode("the cat").size() == 4);
  CHECK_THROWS_WITH_AS(classifier.encode("the [NEW] cat"),
                       "the text has the added token \"[NEW]\" (id 28), the model knows 27 tokens only",
                       std::invalid_argument);
  write_bytes(vocabulary, read_bytes(vocabulary) + "word\n");
  CHECK_THROWS_AS(TextClassifier{directory.path}, std::runtime_error);
}

TEST_CASE("text classifier: predictions are those of evaluation, and the same after saving") {
  const Directory directory({"neg", "neutral", "pos"});
  TextClassifier classifier(directory.path);
  const std::vector<float> scores = predict(classifier, texts);
  REQUIRE(scores.size() == 9);
  for (size_t b = 0; b < 3; ++b)
    CHECK(std::accumulate(scores.begin() + static_cast<long>(3 * b), scores.begin() + static_cast<long>(3 * b + 3),
                          0.0) == doctest::Approx(1));
  classifier.store().mode().training = true;
  CHECK(predict(classifier, texts) == scores);
  CHECK(classifier.store().mode().training);

  const ScratchFolder saved;
  classifier.save(saved / "model");
  TextClassifier again(saved / "model");
  CHECK(again.labels() == classifier.labels());
  CHECK(again.report().initialised.empty());
  CHECK(predict(again, texts) == scores);
}

TEST_CASE("text classifier: each problem type has its loss and its scores") {
  const Directory directory({"a", "b"});
  for (const ProblemType problem : {ProblemType::single_label, ProblemType::multi_label, ProblemType::regression}) {
    TextClassifierOptions options;
    options.problem_type = problem;
    TextClassifier classifier(directory.path, options);
    CHECK(classifier.problem() == problem);
    const Encoding x = classifier.encode("very good"), y = classifier.encode("not very good film");
    const std::vector<const Encoding*> batch = {&x, &y};
    const Variable logits = classifier.logits(batch);
    const std::vector<double> z = logits.value().to_host<double>();
    ClassificationTargets targets;
    targets.classes = {1, 0};
    if (problem != ProblemType::single_label) targets.values = {1, 0, 0, 1};
    double expected = 0;
    std::vector<double> scores = z;
    for (size_t b = 0; b < 2; ++b) {
      const double sum = std::exp(z[2 * b]) + std::exp(z[2 * b + 1]);
      if (problem == ProblemType::single_label)
        expected -= std::log(std::exp(z[2 * b + static_cast<size_t>(targets.classes[b])]) / sum);
      for (size_t i = 2 * b; i < 2 * b + 2; ++i) {
        const double p = 1 / (1 + std::exp(-z[i]));
        if (problem == ProblemType::single_label) scores[i] = std::exp(z[i]) / sum;
        if (problem == ProblemType::multi_label) {
          scores[i] = p;
          expected -= std::log(targets.values[i] == 1 ? p : 1 - p) / 2;
        }
        if (problem == ProblemType::regression) expected += (z[i] - targets.values[i]) * (z[i] - targets.values[i]) / 2;
      }
    }
    CHECK(classifier.loss(logits, targets).value().item<double>() == doctest::Approx(expected / 2));
    CHECK(classifier.loss(logits, targets, 8).value().item<double>() == doctest::Approx(expected / 8));
    const std::vector<float> predicted = classifier.predict(batch);
    for (size_t i = 0; i < 4; ++i) CHECK(double{predicted[i]} == doctest::Approx(scores[i]));
  }
}

}  // namespace thaw
