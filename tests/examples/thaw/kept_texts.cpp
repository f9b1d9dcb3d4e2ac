// SPDX-License-Identifier: Apache-2.0
// What is told of texts that something is kept of.
#include "examples/thaw/kept_texts.h"

#include <doctest/doctest.h>

using namespace thaw;

TEST_CASE("kept texts: memory that is asked for in vain is told of") {
  const KeptTexts none, no_room{.texts = 4}, some{.texts = 4, .kept = 2, .bytes = 100};
  CacheArguments cache;
  CHECK(unused_cache_text(cache, none).empty());  // nobody asked
  cache.asks_for_memory = true;
  CHECK(unused_cache_text(cache, none).find("for texts that are used more than once, and there is none") !=
        std::string::npos);
  CHECK(unused_cache_text(cache, no_room).find("for a text does not fit into it") != std::string::npos);
  const ExampleWords pictures{"picture", "patches"};
  CHECK(unused_cache_text(cache, none, pictures).find(" for pictures that are used more than once") !=
        std::string::npos);
  CHECK(unused_cache_text(cache, no_room, pictures).find("for a picture does not fit") != std::string::npos);
  CHECK(unused_cache_text(cache, some).empty());
  cache.memory = 0;
  CHECK(unused_cache_text(cache, none).empty());  // as it was asked for
  cache = {.folder = "kept"};
  CHECK(unused_cache_text(cache, none) ==
        "--cache has no effect: no layer at the bottom of the model is frozen with all below it");
  const KeptTexts changing{.part = "bert.embeddings", .changing = "they change"};
  CHECK(unused_cache_text(cache, changing) == "--cache has no effect: they change");
}

TEST_CASE("kept texts: a line tells what is kept, where, and what was there") {
  const KeptTexts all{.texts = 4, .kept = 4, .bytes = 2'000'000, .part = "bert.embeddings to bert.pooler"};
  CHECK(to_text(all, {}) ==
        "the frozen part of the model (bert.embeddings to bert.pooler) runs once for each of 4 texts: 2.0 MB are kept");
  CHECK(to_text(all, {}, {"picture", "patches"}).find(" once for each of 4 pictures: ") != std::string::npos);
  const KeptTexts of_side{.texts = 1, .kept = 1, .one = "sound"};
  CHECK(to_text(of_side, {}, {"pair", "rows"}).find(" once for each of 1 sound: ") != std::string::npos);
  const KeptTexts some{.texts = 4, .kept = 2, .bytes = 100'000, .found = 1, .part = "shared.weight"};
  CHECK(to_text(some, {.folder = "kept", .dtype = DType::bf16}) ==
        "the frozen part of the model (shared.weight) runs once for 2 of 4 texts: 0.1 MB are kept in kept as bf16, "
        "rounded; 1 of them is there already, the others are computed each time (--cache-bytes)");
  CHECK(to_text({.part = "shared.weight", .changing = "they change"}, {}) == "they change: nothing is kept of them");
  CHECK(to_text({}, {}).empty());
}
