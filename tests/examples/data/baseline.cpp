// SPDX-License-Identifier: Apache-2.0
// The baselines: what share of a test they get right.
#include "examples/data/baseline.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "examples/data/sparse.h"
#include "tensor/io/npy.h"

using namespace thaw;

TEST_CASE("baseline: a linear classifier on vectors, and labels that training does not know") {
  const NpyArray vectors{5, 2, {1, 0, 0.9F, 0.2F, 0, 1, 0.1F, 0.8F, -1, -1}};
  CHECK(sparse_rows(vectors).rows.size() == 5);
  const SparseMatrix some = sparse_rows(vectors, {2, 0});
  CHECK(some.columns == 2);
  CHECK(some.rows.size() == 2);
  CHECK(some.rows[0][0].value == 0);
  CHECK(some.rows[1][0].value == 1);
  CHECK(some.rows[1][1].column == 1);

  const std::vector<std::string> labels = {"east", "north"};
  const SparseMatrix train = sparse_rows(vectors, {0, 2});
  CHECK(linear_accuracy(train, labels, sparse_rows(vectors, {1, 3}), {"east", "north"}, 30) == 1);
  CHECK(linear_accuracy(train, labels, sparse_rows(vectors, {1, 3, 4}), {"north", "north", "south"}, 30) ==
        doctest::Approx(1 / 3.0));
}

TEST_CASE("baseline: words that tell classes apart") {
  const LabelledTexts train{{"red apple", "green pear", "red cherry", "green lime"}, {"red", "green", "red", "green"}};
  const LabelledTexts test{{"a red thing", "a green thing"}, {"red", "green"}};
  CHECK(tfidf_accuracy(train, test, 30) == 1);
}
