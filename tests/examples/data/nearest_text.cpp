// SPDX-License-Identifier: Apache-2.0
// Nearest texts: by rare words before frequent ones, pairs of neighbours, and what is told where nothing is common.
#include "examples/data/nearest_text.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace thaw;

using Numbers = std::vector<size_t>;

TEST_CASE("nearest_text: a rare common word counts more than frequent ones") {
  const std::vector<std::string> texts{"the tool for the network", "the tool for the printer", "the tool for all"};
  CHECK(nearest_texts(texts, {"my printer has the tool", "network of the others"}) == Numbers{1, 0});
}

TEST_CASE("nearest_text: of the same words the text that has them side by side") {
  CHECK(nearest_texts({"editor and text", "text editor and"}, {"text editor"}) == Numbers{1});
}

TEST_CASE("nearest_text: a text is nearest to itself, and the first of equals") {
  const std::vector<std::string> texts{"plays chess", "reads mail", "reads mail", "plays music and reads mail"};
  CHECK(nearest_texts(texts, texts) == Numbers{0, 1, 1, 3});
}

TEST_CASE("nearest_text: no term in common, no queries, no texts") {
  CHECK(nearest_texts({"plays chess", "reads mail"}, {"draws", ""}) == Numbers{0, 0});
  CHECK(nearest_texts({"plays chess"}, {}).empty());
  CHECK_THROWS_AS(nearest_texts({}, {"plays"}), std::invalid_argument);
}
