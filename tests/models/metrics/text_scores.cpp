// SPDX-License-Identifier: Apache-2.0
// ROUGE, BLEU, chrF and errors in words of made texts and goldens, against the libraries that define them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/metrics/bleu.h"
#include "models/metrics/bootstrap.h"
#include "models/metrics/chrf.h"
#include "models/metrics/porter_stem.h"
#include "models/metrics/python_text.h"
#include "models/metrics/rouge.h"
#include "models/metrics/text_matches.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/metrics/made_cases.h"

using namespace thaw;

namespace {

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-11); }

Json golden_cases(const std::string& name) {
  const std::string file = (golden_dir() / name / "cases.json").string();
  return Json::parse(read_bytes(file), file);
}

struct TextCase {
  std::string predicted;
  std::vector<std::string> references;
};

std::vector<TextCase> text_cases() {
  std::vector<TextCase> cases;
  for_each_case("text_scores.jsonl", [&](const Json& expected) {
    cases.push_back({expected.get_string("predicted"), expected.get_strings("references")});
  });
  return cases;
}

const std::map<std::string, ChrfOptions> chrf_kinds{{"chrf", {}},
                                                    {"chrf_pp", {.word_order = 2}},
                                                    {"chrf_blanks", {.word_order = 1, .with_blanks = true}},
                                                    {"chrf_eps", {.word_order = 2, .eps_smoothing = true}},
                                                    {"chrf_short", {.char_order = 3, .beta = 1}}};

void check_rouge(const RougeScores& got, const Json& expected) {
  check_scores(got.rouge1, expected.get_array(0));
  check_scores(got.rouge2, expected.get_array(1));
  check_scores(got.rougeL, expected.get_array(2));
  check_scores(got.rougeLsum, expected.get_array(3));
}

void check_bleu(const BleuScore& got, const Json& expected) {
  CHECK(got.score == near(expected.get_number("score")));
  CHECK(got.brevity_penalty == near(expected.get_number("bp")));
  for (size_t n = 0; n < got.precisions.size(); ++n)
    CHECK(got.precisions[n] == near(expected.get_array("precisions").get_number(n)));
}

void check_ints(std::span<const int64_t> got, const std::vector<int64_t>& expected) {
  CHECK(std::vector<int64_t>(got.begin(), got.end()) == expected);
}

}  // namespace

TEST_CASE("text scores: ROUGE of made texts") {
  const size_t count = for_each_case("text_scores.jsonl", [](const Json& expected) {
    const std::string predicted = expected.get_string("predicted");
    const std::vector<std::string> references = expected.get_strings("references");
    check_rouge(rouge(predicted, references), expected.get_array("rouge"));
    check_rouge(rouge(predicted, references, {.stem = true}), expected.get_array("rouge_stem"));
  });
  CHECK(count >= 200);
}

TEST_CASE("text scores: words without their endings") {
  for_each_case("porter_stems.jsonl", [](const Json& expected) {
    const std::vector<std::string> words = expected.get_strings("words"), stems = expected.get_strings("stems");
    for (size_t i = 0; i < words.size(); ++i) {
      CAPTURE(words[i]);
      CHECK(porter_stem(words[i]) == stems[i]);
    }
  });
}

TEST_CASE("text scores: BLEU and chrF of made texts") {
  for_each_case("text_scores.jsonl", [](const Json& expected) {
    const std::string predicted = expected.get_string("predicted");
    const std::vector<std::string> references = expected.get_strings("references");
    CHECK(tokenize_13a(predicted) == expected.get_string("words_13a"));
    const BleuCounts counts = bleu_counts(predicted, references);
    const Json& wanted = expected.get_object("bleu");
    check_ints(counts.matched, wanted.get_ints("matched"));
    check_ints(counts.predicted, wanted.get_ints("predicted"));
    check_ints(std::array{counts.predicted_words, counts.reference_words}, wanted.get_ints("lengths"));
    check_bleu(bleu(counts, true), wanted);
    for (const auto& [name, options] : chrf_kinds) {
      CAPTURE(name);
      CHECK(chrf(chrf_counts(predicted, references, options), options) == near(expected.get_number(name)));
    }
  });
}

TEST_CASE("text scores: BLEU and chrF of corpora, folded in two batches") {
  const std::vector<TextCase> cases = text_cases();
  const size_t count = for_each_case("text_corpora.jsonl", [&](const Json& expected) {
    const auto begin = static_cast<size_t>(expected.get_int("begin"));
    const auto end = static_cast<size_t>(expected.get_int("end"));
    BleuCounts sums, batch;
    for (size_t i = begin; i < end; ++i) (i % 2 ? batch : sums) += bleu_counts(cases[i].predicted, cases[i].references);
    sums += batch;
    const Json& wanted = expected.get_object("bleu");
    check_bleu(bleu(sums), wanted);
    check_ints(std::array{sums.predicted_words, sums.reference_words}, wanted.get_ints("lengths"));
    int64_t references = static_cast<int64_t>(cases[begin].references.size());
    for (size_t i = begin; i < end; ++i)
      if (static_cast<int64_t>(cases[i].references.size()) != references) references = 0;
    CHECK(bleu_signature(references) == wanted.get_string("signature"));
    for (const auto& [name, options] : chrf_kinds) {
      ChrfCounts all, rest;
      for (size_t i = begin; i < end; ++i)
        (i % 2 ? rest : all) += chrf_counts(cases[i].predicted, cases[i].references, options);
      all += rest;
      CHECK(chrf(all, options) == near(expected.get_number(name)));
      CHECK(chrf_signature(references, options) == expected.get_string(name + "_signature"));
    }
  });
  CHECK(count >= 5);
}

TEST_CASE("text scores: goldens of rouge-score") {
  if (!has_golden("rouge")) return;
  const Json golden = golden_cases("rouge");
  RougeTotals totals, batch;
  for (const Json& pair : golden.get_array("pairs").items()) {
    const RougeScores got = rouge(pair.get_string("prediction"), {pair.get_string("target")});
    for (const auto& [name, score] :
         {std::pair{"rouge1", got.rouge1}, {"rouge2", got.rouge2}, {"rougeL", got.rougeL}}) {
      const Json& wanted = pair.get_object(name);
      CHECK(score.precision == near(wanted.get_number("precision")));
      CHECK(score.recall == near(wanted.get_number("recall")));
      CHECK(score.f1 == near(wanted.get_number("fmeasure")));
    }
    (totals.texts() < 7 ? totals : batch).add(got);
  }
  totals += batch;
  CHECK(totals.texts() == static_cast<int64_t>(golden.get_array("pairs").size()));
  const Json& means = golden.get_object("mean_fmeasure");
  CHECK(totals.means().rouge1.f1 == near(means.get_number("rouge1")));
  CHECK(totals.means().rouge2.f1 == near(means.get_number("rouge2")));
  CHECK(totals.means().rougeL.f1 == near(means.get_number("rougeL")));
}

TEST_CASE("text scores: goldens of sacrebleu") {
  if (!has_golden("chrf")) return;
  const Json golden = golden_cases("chrf");
  const ChrfOptions plus{.word_order = 2};
  BleuCounts words;
  ChrfCounts all, all_plus;
  for (const Json& pair : golden.get_array("pairs").items()) {
    const std::string predicted = pair.get_string("prediction");
    const std::vector<std::string> targets{pair.get_string("target")};
    const BleuCounts counts = bleu_counts(predicted, targets);
    const ChrfCounts each = chrf_counts(predicted, targets), each_plus = chrf_counts(predicted, targets, plus);
    CHECK(bleu(counts, true).score == near(pair.get_number("bleu_effective_order")));
    CHECK(chrf(each) == near(pair.get_number("chrf")));
    CHECK(chrf(each_plus, plus) == near(pair.get_number("chrf_pp")));
    words += counts;
    all += each;
    all_plus += each_plus;
  }
  const Json& corpus = golden.get_object("corpus");
  const BleuScore score = bleu(words);
  CHECK(score.score == near(corpus.get_number("bleu")));
  CHECK(score.brevity_penalty == near(corpus.get_number("bleu_brevity_penalty")));
  for (size_t n = 0; n < score.precisions.size(); ++n)
    CHECK(score.precisions[n] == near(corpus.get_array("bleu_precisions").get_number(n)));
  check_ints(std::array{words.predicted_words, words.reference_words}, corpus.get_ints("bleu_lengths"));
  CHECK(chrf(all) == near(corpus.get_number("chrf")));
  CHECK(chrf(all_plus, plus) == near(corpus.get_number("chrf_pp")));
  const Json& signatures = golden.get_object("signatures");
  CHECK(bleu_signature(1) == signatures.get_string("bleu"));
  CHECK(chrf_signature(1) == signatures.get_string("chrf"));
  CHECK(chrf_signature(1, plus) == signatures.get_string("chrf_pp"));
}

TEST_CASE("text scores: errors in words and phones") {
  for_each_case("text_scores.jsonl", [](const Json& expected) {
    const ErrorCounts counts = error_counts(expected.get_string("predicted"), expected.get_strings("references"));
    check_ints(std::array{counts.errors, counts.tokens}, expected.get_ints("errors"));
  });
  ErrorCounts all = error_counts("S IY Z ER", {"S IY Z AH R", "S EH Z ER"});  // one replaced, of four
  CHECK(all.errors == 1);
  CHECK(all.tokens == 4);
  all += error_counts(" K  AE T ", {"K AE T"});
  all += error_counts("", {"D AO G"});
  CHECK(all.token_rate() == near(4.0 / 10));
  CHECK(all.text_rate() == near(2.0 / 3));
  CHECK(ErrorCounts().token_rate() == 0);
  CHECK(error_counts("a b", {""}).token_rate() == 2);
  CHECK(edit_distance(U"kitten", U"sitting") == 3);
  CHECK(edit_distance(U"", U"") == 0);
}

TEST_CASE("text scores: exact matches and label words") {
  CHECK(is_exact_match(" good \n", {"bad", "good"}));
  CHECK(is_exact_match("very  good", {"very good"}));
  CHECK(!is_exact_match("Good", {"good"}));
  CHECK(is_exact_match("", {"  "}));
  CHECK(!is_exact_match("good", {}));
  const std::vector<std::string> words{"entails", "not at all"};
  LabelWordCounts counts = label_word_counts("entails", "entails", words);
  counts += label_word_counts("not  at all ", "not at all", words);
  counts += label_word_counts("entails", "not at all", words);
  counts += label_word_counts("entail", "entails", words);
  counts += label_word_counts("other", "other", words);  // right by its text, but none of the words
  CHECK(counts.texts == 5);
  CHECK(counts.right == 2);
  CHECK(counts.no_label == 2);
  CHECK(counts.accuracy() == near(0.4));
  CHECK(LabelWordCounts().accuracy() == 0);
}

TEST_CASE("text scores: perplexity of tokens") {
  TokenLosses losses{3, 2};
  losses += {1, 6};
  CHECK(losses.mean() == near(0.5));
  CHECK(losses.perplexity() == near(1.6487212707001282));
  CHECK(TokenLosses().perplexity() == 1);
}

TEST_CASE("text scores: counts add up, so that intervals can be drawn") {
  const std::vector<TextCase> cases = text_cases();
  std::vector<BleuCounts> words;
  std::vector<RougeScores> overlaps;
  for (size_t i = 24; i < 64; ++i) {
    words.push_back(bleu_counts(cases[i].predicted, cases[i].references));
    overlaps.push_back(rouge(cases[i].predicted, cases[i].references));
  }
  const auto intervals =
      bootstrap_intervals(std::ssize(words),
                          [&](std::span<const int64_t> which) {
                            BleuCounts sums;
                            RougeTotals totals;
                            for (const int64_t i : which) {
                              sums += words[static_cast<size_t>(i)];
                              totals.add(overlaps[static_cast<size_t>(i)]);
                            }
                            return Metrics{{"bleu", bleu(sums).score}, {"rouge1", totals.means().rouge1.f1}};
                          },
                          {.samples = 200});
  BleuCounts all;
  RougeTotals totals;
  for (size_t i = 0; i < words.size(); ++i) {
    all += words[i];
    totals.add(overlaps[i]);
  }
  CHECK(intervals.at("bleu").low < bleu(all).score);
  CHECK(bleu(all).score < intervals.at("bleu").high);
  CHECK(intervals.at("rouge1").low < totals.means().rouge1.f1);
  CHECK(totals.means().rouge1.f1 < intervals.at("rouge1").high);
}

TEST_CASE("text scores: what cannot be scored is refused, and nothing is scored 0") {
  CHECK_THROWS_WITH_AS(rouge("a", {}), "rouge: a text without references", std::invalid_argument);
  CHECK_THROWS_WITH_AS(bleu_counts("a", {}), "bleu: a text without references", std::invalid_argument);
  CHECK_THROWS_WITH_AS(chrf_counts("a", {}), "chrf: a text without references", std::invalid_argument);
  CHECK_THROWS_WITH_AS(error_counts("a", {}), "error rate: a text without references", std::invalid_argument);
  for (const auto& score : {+[](const std::string& text) { rouge(text, {text}); },
                            +[](const std::string& text) { bleu_counts(text, {text}); },
                            +[](const std::string& text) { chrf_counts(text, {text}); },
                            +[](const std::string& text) { error_counts(text, {text}); }})
    CHECK_THROWS_WITH_AS(score("a\xC3"), "a text to score: byte 1 is not valid UTF-8", std::invalid_argument);
  CHECK(bleu({}).score == 0);
  CHECK(chrf({}) == 0);
  CHECK(RougeTotals().means().rougeL.f1 == 0);
  ChrfCounts counts = chrf_counts("a", {"a"});
  CHECK_THROWS_AS(counts += chrf_counts("a", {"a"}, {.char_order = 2}), std::invalid_argument);
}

TEST_CASE("text scores: texts as Python takes them") {
  CHECK(split_at_blanks(" a\u00A0bc\u3000\x1C d") == std::vector<std::string_view>{"a", "bc", "d"});
  CHECK(split_at_blanks("").empty());
  CHECK(utf8_of(lower_case_text(code_points("\u03A3\u038A\u03A3 \u212A"))) == "\u03C3\u03AF\u03C2 k");
}
