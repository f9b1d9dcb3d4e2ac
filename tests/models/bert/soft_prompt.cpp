// SPDX-License-Identifier: Apache-2.0
// BERT behind a soft prompt: the numbers of peft 0.21 (PromptTuningConfig of SEQ_CLS and TOKEN_CLS, f64, eager
// attention); what a text gives does not depend on its neighbours; rules and limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "nn/adapters.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/error_of.h"
#include "tests/models/bert/reference_bert.h"

using namespace thaw;

namespace {

template <typename Model>
struct Prompted {
  ParameterStore store;
  Model model;
  BertInput text;

  Prompted() : store(Device::open("reference"), DType::f64), model(Scope(store), reference_config()) {
    FreezeMask().prompt(3).apply(store);
    fill_with_waves(store);
    text = reference_batch(store.device());
  }
  std::vector<double> gradient() const { return model.bert.prompt->rows.variable().grad().template to_host<double>(); }
};

}  // namespace

TEST_CASE("BERT behind a prompt: classes of texts, read at the prompt's first row, as peft's") {
  const Prompted<BertForSequenceClassification> prompted;
  const Variable logits = prompted.model(prompted.text);
  check_near(logits.value().to_host<double>(), {0.05255779181372547, 0.34976392046794336, -0.0016595904561852726,
                                                0.052650746655409364, 0.34970308414359763, -0.001632873274452551});
  ClassificationTargets targets;
  targets.classes = {0, 2};
  const Variable loss = prompted.model.loss(logits, targets);
  check_near({loss.value().item<double>()}, {1.218996699956918});
  backward(loss);
  check_near(prompted.gradient(),
             {-0.004942069926432875,   0.003539014802839046,    0.008420204504342943,   0.010657164987383512,
              0.006240331513196319,    0.0009291733091619883,   -0.007291339093580137,  -0.0175524800969108,
              -2.6367623898053978e-05, -1.719023094241522e-05,  -5.248240709938624e-06, 2.7521092223745428e-05,
              1.7337883686047887e-05,  5.651013869178749e-06,   -5.010937550515476e-06, 3.3070433219512423e-06,
              6.109721875971893e-07,   8.357228972745173e-07,   -6.821131447179085e-06, -1.3920646411801923e-05,
              -8.191252500936892e-06,  -2.9616387744219257e-06, 6.665416215740087e-06,  2.378255783372803e-05});
}

TEST_CASE("BERT behind a prompt: classes of the text's tokens, as peft's") {
  const Prompted<BertForTokenClassification> prompted;
  const Variable logits = prompted.model(prompted.text);
  check_near(logits.value().to_host<double>(),
             {-0.4367451036736914, 0.8988875206852038,  -0.5925457604752729, -0.6587715625277859,  1.0724037649837277,
              -0.7118456436411973, 1.0970726494996175,  -0.6497072794209751, 0.9198999674931737,   -0.6302164294410739,
              1.069383986680075,   -0.7344605266593112, 1.1226347858182735,  -0.717279416369601,   1.0272599700808316,
              0.9304524375660403,  -0.5457630548057033, 0.8820499748907493,  -0.4352654565584391,  0.8973911606221747,
              -0.5910818958246765, -0.632673227050895,  1.0709610125763105,  -0.7351059197556631,  1.0798685294486754,
              -0.6303024195205191, 0.898932503817128,   0.6208265373078601,  -0.25014704017659734, 0.6101652890720758,
              1.1696744569780553,  -0.7443655695783935, 1.0335018670619844});
  std::vector<int32_t> labels;
  for (int32_t i = 0; i < 11; ++i) labels.push_back(i % 3);
  const Variable loss = prompted.model.loss(logits, Indices(labels, prompted.store.device()));
  check_near({loss.value().item<double>()}, {1.3367705650521935});
  backward(loss);
  check_near(prompted.gradient(),
             {-1.1217695986893461e-05, -4.7642629519089474e-05, -0.00015607328544997752, -0.0002644356085422495,
              -0.0002384663863751215,  -8.100748121284899e-05,  0.00021537144032234424,  0.0005834716467638357,
              -0.00029176370357781786, -6.785034764709283e-05,  8.934813204362938e-05,   0.00011964230876229616,
              7.918261081295218e-05,   6.251395525250462e-06,   -1.2761051604506335e-05, 7.79506556852887e-05,
              -0.000166241814755356,   0.00017609679929550727,  8.6308262095812e-06,     -0.0002794147039494153,
              -6.918009611504098e-06,  -5.212808678668408e-05,  -3.720780127966348e-05,  0.00035718279087753463});
}

TEST_CASE("BERT behind a prompt: a text gives what it gives alone, padding kept or not") {
  SmallBert<BertForQuestionAnswering> small;
  FreezeMask().prompt(4).apply(small.store);
  const PaddedText padded{
      3, 5, {2, 7, 9, 3, 0, 2, 8, 0, 0, 0, 2, 5, 6, 4, 3}, {}, {1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1}};
  const BertInput text = BertInput::from_padded(padded, small.device);
  const Variable packed = small.model(text), kept = small.model(keep_padding(padded, small.device));
  CHECK(packed.size(0) == 11);
  CHECK(kept.size(0) == 15);
  CHECK(largest_difference(take_rows(kept, Indices(text.cells, small.device)).value(), packed.value()) < 1e-5);
  const Tensor first = small.model.bert.first_tokens(text).value();
  const Bert::States states = small.model.bert.states(text);
  CHECK(largest_difference(states.first_tokens.value(), first) < 1e-5);
  for (int64_t b = 0; b < text.count(); ++b) {
    std::vector<Encoding> one(1);
    for (int32_t t = text.segments.begin(b); t < text.segments.end(b); ++t) {
      one[0].ids.push_back(text.ids.host()[static_cast<size_t>(t)]);
      one[0].type_ids.push_back(0);
    }
    const BertInput alone = BertInput::from_encodings(one, small.device);
    CHECK(largest_difference(small.model(alone).value(),
                             packed.value().slice(0, text.segments.begin(b), text.segments.end(b))) < 1e-5);
    CHECK(largest_difference(small.model.bert.first_tokens(alone).value(), first.slice(0, b, b + 1)) < 1e-5);
  }
}

TEST_CASE("BERT behind a prompt: with dropout, checkpointed or not, a step has the same gradient") {
  BertConfig config = small_bert_config();
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.3;
  std::vector<std::vector<double>> gradients;
  for (const bool checkpointing : {false, true}) {
    ParameterStore store(Device::from_environment(), DType::f32, 11);
    BertForTokenClassification model(Scope(store), config);
    randomise(store);
    FreezeMask().prompt(2).apply(store);
    model.bert.checkpointing = checkpointing;
    const TrainingMode training(store.mode());
    const BertInput text = small_batch(config, {5, 3}, store.device());
    backward(model.loss(model(text), Indices(std::vector<int32_t>(8, 1), store.device())));
    gradients.push_back(model.bert.prompt->rows.variable().grad().to_host<double>());
  }
  CHECK(gradients[0] == gradients[1]);
  CHECK(std::ranges::any_of(gradients[0], [](double g) { return g != 0; }));
}

TEST_CASE("prompts by rule: words at first, trained alone; what does not fit is refused, and nothing is changed") {
  SmallBert<BertForSequenceClassification> small;
  ParameterStore& store = small.store;
  const size_t before = store.all().size();
  const auto refused = [&](const std::string& rules) {
    const std::string message = error_of<std::exception>([&] { FreezeMask::parse(rules, "m").apply(store); });
    CHECK(store.all().size() == before);
    CHECK(small.model.bert.prompt->count() == 0);
    return message;
  };
  CHECK(refused("prompt n=32") == "m:1: \"prompt n=32\": a text may have 32 tokens: a prompt of 32 leaves none");
  CHECK(refused("prompt n=0") == "m:1: n=0: expected a number above 0");
  CHECK(refused("prompt rows=3") == "m:1: \"rows=3\" is unknown here; there are: n=");
  CHECK(refused("prompt n=3\ntrain nothing").starts_with("m:2: \"train nothing\" matches no parameter"));

  const FreezeMask mask = FreezeMask::parse("prompt n=9\nprompt n=3", "m");
  CHECK(mask.to_text() == "prompt n=9\nprompt n=3\n");
  const FreezeReport report = mask.apply(store);
  CHECK(report.trained == 3 * small.config.hidden_size);
  REQUIRE(report.rules.size() == 2);
  CHECK(report.rules[0].tensors == 0);
  CHECK(report.rules[1].tensors == 1);
  const Parameter rows = store.find("bert.prompt_embeddings");
  REQUIRE(rows.defined());
  const std::vector<double> begun = rows.value().to_host<double>(),
                            words = small.model.bert.embeddings.words.weight.value().to_host<double>();
  const auto width = static_cast<ptrdiff_t>(small.config.hidden_size);
  for (ptrdiff_t row = 0; row < 3; ++row) {
    bool is_word = false;
    for (ptrdiff_t word = 0; word < small.config.vocab_size; ++word)
      is_word = is_word || std::equal(begun.begin() + row * width, begun.begin() + (row + 1) * width,
                                      words.begin() + word * width);
    CHECK(is_word);
  }
  mask.apply(store);  // again: it is there
  CHECK(store.all().size() == before + 1);
  CHECK(error_of([&] { FreezeMask().prompt(4).apply(store); }) ==
        "\"prompt n=4\": the model has a prompt of 3 already");
  CHECK(prompt_rows(store) == 3);

  take_off_adapters(store, *store.soft_prompts()[0], [](const Parameter&) { return true; });
  CHECK(store.all().size() == before);
  ParameterStore other(Device::open("reference"));
  CHECK(error_of([&] { FreezeMask().prompt().apply(other); }) ==
        "\"prompt n=20\": no part of this model takes a prompt");
}
