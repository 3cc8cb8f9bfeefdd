import { overrideElasticsearch } from './elasticsearch.js';

test('the environment names the cluster, over what the file says; without an address its other names mean nothing', () => {
  expect(overrideElasticsearch({ nodes: ['http://192.0.2.1:9200'], prefix: 'x-' }, { ELASTICSEARCH_URL: 'https://192.0.2.2:9200, https://192.0.2.3:9200', ELASTICSEARCH_USERNAME: 'haidang' }))
    .toEqual({ nodes: ['https://192.0.2.2:9200', 'https://192.0.2.3:9200'], prefix: 'x-', username: 'haidang' });
  expect(overrideElasticsearch({ nodes: ['http://192.0.2.1:9200'] }, { ELASTICSEARCH_CA_FILE: '/ca.pem' })).toEqual({ nodes: ['http://192.0.2.1:9200'], caFile: '/ca.pem' });
  expect(overrideElasticsearch(undefined, { ELASTICSEARCH_USERNAME: 'somebody', ELASTICSEARCH_URL: '' })).toBeUndefined();
});
