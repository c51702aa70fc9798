// SPDX-License-Identifier: GPL-3.0-or-later
// One application for all cases of a program, with settings and data in a folder that is gone afterwards.
#include <gtest/gtest.h>

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
  qputenv("XDG_DATA_HOME", home.path().toUtf8());
  qputenv("WEFT_CACHE", home.path().toUtf8());
  QApplication application(argc, argv);
  QApplication::setOrganizationName(QStringLiteral("weft-test"));
  QApplication::setApplicationName(QStringLiteral("weft-test"));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
