// SPDX-License-Identifier: Apache-2.0
// What is told and asked of pictures and sounds.
#include "models/tasks/classification/file_tasks.h"

#include "models/families.h"
#include "models/hub/change_directory.h"
#include "models/hub/shards.h"

namespace thaw {

std::vector<OptionField> ImageClassificationTask::input_options() {
  return {{"image_column", &options_.file_column,
           "column of the picture's path (PNG, JPEG, PPM, PGM), from the folder that the table is in"}};
}

TaskHelp ImageClassificationTask::help() const {
  return {.data =
              "Data: a table with a column of paths; a folder with one of pictures for each class; IDX files "
              "(train-images-idx3-ubyte, labels beside\nit, gzip'd or not); CIFAR-10's binary batches (.bin). Every "
              "picture is read. A duplicate is a picture of the same pixels again in one\nsplit, a leak one that an "
              "earlier split has too. Warned of, too: what is warned of labels of texts (--task classification).",
          .predictions =
              "Of a table, of lines (a path each), of a picture, a file of many, or folders. Output in TSV: label, "
              "probability, image. Several labels\nare joined by \"|\". Regression: value, image."};
}

std::vector<OptionField> AudioClassificationTask::input_options() {
  return {{"audio_column", &options_.file_column,
           "column of the sound's path (WAV, FLAC, Ogg), from the folder that the table is in"}};
}

TaskHelp AudioClassificationTask::help() const {
  return {
      .data =
          "Data: a table with a column of paths; a folder with one of sounds for each class. Sounds have any rate and "
          "number of channels;\nevery one is read. A duplicate is a sound of the same samples again in one split, a "
          "leak one that an earlier split has too. Warned\nof, too: what is warned of labels of texts (--task "
          "classification).",
      .predictions =
          "Of a table, of lines (a path each), of a sound, or folders. Output in TSV: label, probability, audio. "
          "Several labels are\njoined by \"|\". Regression: value, audio."};
}

void FileClassificationTask::check_saved(const std::string& directory) const {
  read_facts(directory, options_.reads);
  const ModelWeights weights(weights_directory(directory));
}

}  // namespace thaw
