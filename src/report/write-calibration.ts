import type { CalibrationResult } from '../calibrate.ts';
import { openOutput, type OutputFolder } from './atomic.ts';
import { CALIBRATION_FILES, modelDocument } from './calibration-document.ts';
import { calibrationPage } from './calibration-page.ts';
import { jsonText } from './json-text.ts';

/** Written last: names the run's files, so that a later run may replace them. */
const MODEL_FILE = 'model.json';

/** Takes the output folder of a calibration. */
export async function openCalibrationOutput(dir: string, force: boolean): Promise<OutputFolder> {
  return openOutput(dir, {
    force,
    mayWrite: [...CALIBRATION_FILES, MODEL_FILE],
    completionFile: MODEL_FILE,
  });
}

/** Writes `model.json` and `calibration.html`; returns their names. */
export async function writeCalibration(result: CalibrationResult, output: OutputFolder): Promise<string[]> {
  await output.stage('calibration.html', calibrationPage(result));
  await output.stage(MODEL_FILE, jsonText(modelDocument(result)));
  return output.commit();
}
