// SPDX-License-Identifier: Apache-2.0
// TF-IDF against scikit-learn 1.9: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True) on the same texts.
#include "examples/data/tfidf.h"

#include <doctest/doctest.h>

using namespace thaw;

namespace {

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-11); }

}  // namespace

TEST_CASE("tfidf: words are runs of at least two letters, digits or underscores, in lower case") {
  CHECK(words_of("A dog's C++11, snake_case; GRÖSSE Éa 日本 x²") ==
        std::vector<std::string>{"dog", "11", "snake_case", "grösse", "éa", "日本", "x²"});
  CHECK(words_of("").empty());
  CHECK(words_of("ab\xFFzz \xC3") == std::vector<std::string>{"ab", "zz"});
}

TEST_CASE("tfidf: values of a small corpus") {
  const Tfidf tfidf({"The cat saw a Cat-fish.", "A dog saw the cat", "Größe: 42 dogs, dogs & DOGS"});
  const auto matrix = tfidf.transform({"the cat saw dogs dogs, unknown", "saw größe", "nothing here"});
  CHECK(matrix.columns == 17);
  const auto value = [&](size_t row, const std::string& term) {
    for (const auto& entry : matrix.rows.at(row)) {
      if (entry.column == tfidf.column(term)) return entry.value;
    }
    return 0.0;
  };
  CHECK(matrix.rows[0].size() == 7);
  CHECK(value(0, "cat") == near(0.283818876033));
  CHECK(value(0, "cat saw") == near(0.373187714596));
  CHECK(value(0, "dogs") == near(0.631861726788));
  CHECK(value(0, "dogs dogs") == near(0.373187714596));
  CHECK(value(0, "saw") == near(0.283818876033));
  CHECK(value(0, "the") == near(0.283818876033));
  CHECK(value(0, "the cat") == near(0.283818876033));
  CHECK(value(1, "größe") == near(0.795960541568));
  CHECK(value(1, "saw") == near(0.605348508106));
  CHECK(matrix.rows[1].size() == 2);
  CHECK(matrix.rows[2].empty());
  CHECK(tfidf.column("unknown") == -1);
}
