// SPDX-License-Identifier: Apache-2.0
// What is told of sequences before they are learnt from.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/tasks/frozen/data_report.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

LabelledSequence of_ids(std::vector<int32_t> ids, int32_t answer) { return {std::move(ids), {}, {answer}}; }

}  // namespace

TEST_CASE("data of sequences: ids and answers in use, one answer alone, the same sequence with another answer") {
  const SequenceFormat format{.inputs = 3, .ids = true, .longest = 3};
  const std::vector<LabelledSequence> train{of_ids({1, 2}, 0), of_ids({2, 1, 1}, 0), of_ids({1, 2}, 0)};
  const std::vector<LabelledSequence> test{of_ids({1, 2}, 1), of_ids({2, 1, 1}, 0)};
  const DataReport report = report_of_sequences(format, {{"train", train}, {"test", test}});
  CHECK(report.text ==
        "train: 3 sequences of 2 to 3 rows (2.3 on average)\n"
        "test: 2 sequences of 2 to 3 rows (2.5 on average)\n"
        "an id from 0 to 2 (2 of them in use) a row, 1 answer in the last one, each from 0 to 1 (1 of them in use)\n"
        "of test, always the most frequent answer: 0.5000 right\n"
        "of test, by the first id alone: 0.5000 right");
  CHECK(report.warnings == std::vector<std::string>{"train: 1 sequence there before",
                                                    "test: 2 sequences of train, too (1 with another answer)",
                                                    "train: all answers are 0: there is nothing to learn"});
  CHECK(error_of([&] { report_of_sequences(format, {{"train", train}, {"test", {}}}); }) == "test: has no sequences");
}
