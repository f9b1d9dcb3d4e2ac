// SPDX-License-Identifier: Apache-2.0
// Folders of scenes.
#include "examples/data/scene_data.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

#include "examples/data/scene_captions.h"
#include "examples/data/scene_files.h"
#include "examples/data/scene_picture.h"
#include "examples/data/scene_questions.h"
#include "examples/data/scene_sets.h"
#include "examples/data/tsv.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

constexpr size_t fewest_for_questions = 3;  // with less nothing is more than another

struct Part {
  std::string name;
  SceneSet set;
  size_t count = 0;
  bool captions = true;  // and questions; else the label of its one object
};

std::array<Part, 6> parts_of(const SceneDataOptions& o) {
  const SceneSet train{.canvas = o.canvas, .most = o.most_objects};
  SceneSet validation = train, test_seen = train;
  validation.split = Split::validation;
  test_seen.split = Split::test;
  test_seen.distinct = things_key;
  SceneSet one_seen = test_seen;
  one_seen.most = 1;
  one_seen.distinct = picture_key;
  SceneSet test_new = test_seen, one_new = one_seen;
  test_new.new_pairs = one_new.new_pairs = true;
  return {{{"train", train, o.train},
           {"validation", validation, o.validation},
           {"test_seen", test_seen, o.test},
           {"test_new", test_new, o.test},
           {"one_object_seen", one_seen, o.test, false},
           {"one_object_new", one_new, o.test, false}}};
}

std::string image_of(const Part& part, size_t number) {
  return fmt::format("pictures/{}/{:05}{}", part.name, number, picture_extension);
}

void write_pictures(const fs::path& folder, const Part& part, const std::vector<Scene>& scenes) {
  fs::create_directories(folder / "pictures" / part.name);
  for (size_t i = 0; i < scenes.size(); ++i)
    write_picture(folder / image_of(part, i), rgb(scenes[i]), scenes[i].canvas, scenes[i].canvas);
}

Table captions_of(const Part& part, const std::vector<Scene>& scenes, Draw& draw) {
  Table table{{"image", "text"}, {}};
  for (size_t i = 0; i < scenes.size(); ++i) table.rows.push_back({image_of(part, i), caption(scenes[i], draw)});
  return table;
}

Table labels_of(const Part& part, const std::vector<Scene>& scenes) {
  Table table{{"image", "label"}, {}};
  for (size_t i = 0; i < scenes.size(); ++i)
    table.rows.push_back({image_of(part, i), words(scenes[i].objects[0].thing.pair)});
  return table;
}

Table questions_on(const Part& part, const std::vector<Scene>& scenes, size_t per_scene, Draw& draw) {
  Table table{{"image", "question", "answer", "kind"}, {}};
  const auto questions = balanced_questions(scenes, per_scene, part.set.new_pairs, draw);
  for (size_t i = 0; i < scenes.size(); ++i)
    for (const SceneQuestion& asked : questions[i])
      table.rows.push_back({image_of(part, i), asked.question, asked.answer, std::string(asked.kind)});
  return table;
}

std::string all_labels() {
  std::string text;
  for (const ColouredShape pair : all_coloured_shapes()) text += words(pair) + "\n";
  return text;
}

}  // namespace

std::string write_scene_data(const SceneDataOptions& options) {
  check(options.questions == 0 || options.most_objects >= fewest_for_questions,
        "questions need pictures of up to {} objects or more, not {}", fewest_for_questions, options.most_objects);
  ParentDirectories parents(options.output.string());
  AtomicDirectory folder(options.output.string());
  FileSet files;
  std::string told;
  const auto add = [&](const std::string& name, const Table& table) {
    add_tsv(files, fs::path(folder.path()) / name, table);
    told += fmt::format("{}: {} rows\n", (options.output / name).string(), table.rows.size());
  };
  uint64_t number = 0;
  for (const Part& part : parts_of(options)) {
    // The scenes of a part depend neither on how many another has nor on whether questions are asked.
    const uint64_t stream = number++ << 32;
    Draw scene_draw(options.seed + stream), caption_draw(~(options.seed + stream));
    const std::vector<Scene> scenes = draw_scenes(part.set, part.count, scene_draw);
    write_pictures(folder.path(), part, scenes);
    add(part.name + ".tsv", part.captions ? captions_of(part, scenes, caption_draw) : labels_of(part, scenes));
    if (part.captions && options.questions > 0)
      add("questions_" + part.name + ".tsv", questions_on(part, scenes, options.questions, caption_draw));
  }
  files.add(fs::path(folder.path()) / "labels.txt", all_labels());
  files.commit();
  folder.commit();
  parents.commit();
  return told;
}

}  // namespace thaw
