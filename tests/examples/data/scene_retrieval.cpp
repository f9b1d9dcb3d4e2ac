// SPDX-License-Identifier: Apache-2.0
// Finding pictures by colours alone: by hand, and that it finds more than chance, but not all.
#include "examples/data/scene_retrieval.h"

#include <doctest/doctest.h>

#include "examples/data/scene_captions.h"
#include "examples/data/scene_picture.h"
#include "examples/data/scene_sets.h"
#include "tests/error_of.h"

using namespace thaw;

TEST_CASE("scene retrieval: shares of a picture and of a caption") {
  Scene scene{18, 2, {}};
  scene.objects.push_back({{{SceneColour::red, SceneShape::cross}, SceneSize::only}, 0, 0});     // 9 pixels
  scene.objects.push_back({{{SceneColour::blue, SceneShape::square}, SceneSize::only}, 12, 0});  // 25
  const ColourShares shares = shares_in_picture(rgb(scene));
  CHECK(shares[0] == doctest::Approx(9.0 / 34));
  CHECK(shares[2] == doctest::Approx(25.0 / 34));
  CHECK(shares[1] == 0);
  CHECK(shares_in_picture(rgb(Scene{18, 0, {}})) == ColourShares{});
  const ColourShares told = shares_in_caption("a small red cross, a large red ring and a small cyan ring");
  CHECK(told[0] == doctest::Approx(2.0 / 3));
  CHECK(told[6] == doctest::Approx(1.0 / 3));
}

TEST_CASE("scene retrieval: the nearest picture is found, equals share it") {
  const ColourShares red{1}, blue{0, 0, 1}, both{.5, 0, .5};
  CHECK(first_by_colours({red, blue, both}, {red, blue, both}) == 1);
  CHECK(first_by_colours({red, red, blue}, {red, red, blue}) == doctest::Approx((.5 + .5 + 1) / 3));
  CHECK(first_by_colours({red, blue}, {blue, red}) == 0);
  CHECK(first_by_colours({{.6, 0, .4}, red}, {both, both}) == .5);
  CHECK(error_of([&] { first_by_colours({red}, {}); }) == "1 pictures have 0 captions");
  CHECK(error_of([&] { first_by_colours({}, {}); }) == "0 pictures have 0 captions");
}

TEST_CASE("scene retrieval: colours tell some scenes from others") {
  Draw draw(11);
  std::vector<ColourShares> pictures, captions;
  for (const Scene& scene : draw_scenes({.split = Split::test, .distinct = things_key}, 500, draw)) {
    pictures.push_back(shares_in_picture(rgb(scene)));
    captions.push_back(shares_in_caption(caption(scene, draw)));
  }
  const double share = first_by_colours(pictures, captions);
  CAPTURE(share);
  CHECK(share > .02);  // chance: .002
  CHECK(share < .5);
}
